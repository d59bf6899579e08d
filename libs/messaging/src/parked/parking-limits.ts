import { z } from 'zod';
import { MAX_LANE_BYTES } from './lane';

export interface ParkingLimits {
  /** Lanes of one service; beyond it records that need another one are kept by their positions. About: several instances count for themselves. */
  readonly maxLanes: number;
  /** Bytes of all lanes of one service together; beyond it records are kept by their positions. About, as the number of lanes. */
  readonly maxBytes: number;
  /** Failed redrives in a row after which only a person redrives, or an event of the same aggregate that is applied. */
  readonly maxRedrives: number;
}

/** A service's part of its configuration schema, if it consumes. */
export const parkingEnvironment = {
  PARKED_MAX_LANES: z.coerce.number({ error: 'must be a number' }).int().min(1).max(1_000_000).default(10_000),
  // a gibibyte; one lane has to find room
  PARKED_MAX_BYTES: z.coerce
    .number({ error: 'must be a number' })
    .int()
    .min(MAX_LANE_BYTES, { error: `must be at least ${MAX_LANE_BYTES}, the bytes of one lane` })
    .default(1_073_741_824),
  // with the backoff about a quarter of an hour
  PARKED_MAX_REDRIVES: z.coerce.number({ error: 'must be a number' }).int().min(1).max(1_000_000).default(20),
};

export type ParkingEnvironment = z.output<z.ZodObject<typeof parkingEnvironment>>;

export function parkingLimits(environment: ParkingEnvironment): ParkingLimits {
  const { PARKED_MAX_LANES: maxLanes, PARKED_MAX_BYTES: maxBytes, PARKED_MAX_REDRIVES: maxRedrives } = environment;
  return { maxLanes, maxBytes, maxRedrives };
}

export const DEFAULT_LIMITS: ParkingLimits = parkingLimits(z.object(parkingEnvironment).parse({}));
