import { z } from 'zod';

export interface ParkingLimits {
  /** Lanes of one service; beyond it the partition of a record that needs another one pauses. About: several instances count for themselves. */
  readonly maxLanes: number;
  /** Failed redrives in a row after which only a person redrives, or an event of the same aggregate that is applied. */
  readonly maxRedrives: number;
}

/** A service's part of its configuration schema, if it consumes. */
export const parkingEnvironment = {
  PARKED_MAX_LANES: z.coerce.number({ error: 'must be a number' }).int().min(1).max(1_000_000).default(10_000),
  // with the backoff about a quarter of an hour
  PARKED_MAX_REDRIVES: z.coerce.number({ error: 'must be a number' }).int().min(1).max(1_000_000).default(20),
};

export type ParkingEnvironment = z.output<z.ZodObject<typeof parkingEnvironment>>;

export function parkingLimits(environment: ParkingEnvironment): ParkingLimits {
  return { maxLanes: environment.PARKED_MAX_LANES, maxRedrives: environment.PARKED_MAX_REDRIVES };
}

export const DEFAULT_LIMITS: ParkingLimits = parkingLimits(z.object(parkingEnvironment).parse({}));
