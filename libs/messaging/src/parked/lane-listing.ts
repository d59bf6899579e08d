import type { Connection, mongo } from 'mongoose';
import { lanesOf } from './collections';
import type { Lane } from './lane';

/** A lane without its events. */
export type LaneHead = Omit<Lane, 'events' | 'stack'>;

export interface LaneFilter {
  readonly topic?: string | undefined;
  /** Lanes that have been waiting at least so long. */
  readonly minAgeMs?: number | undefined;
}

const heads = { projection: { events: 0, stack: 0 } } as const;

/** Lanes as an operator looks at them, without reading an event. */
export class LaneListing {
  constructor(private readonly connection: Connection) {}

  /** The longest waiting first. */
  async page(filter: LaneFilter, { page, size }: { page: number; size: number }): Promise<[LaneHead[], number]> {
    const query = queryFor(filter);
    const lanes = lanesOf(this.connection);
    const found = lanes
      .find(query, heads)
      .sort({ parkedAt: 1, _id: 1 })
      .skip(page * size)
      .limit(size);
    return Promise.all([found.toArray(), lanes.countDocuments(query)]);
  }

  /** In the order of their ids, those behind `after`. */
  async next(filter: LaneFilter & { after?: string | undefined }, limit: number): Promise<LaneHead[]> {
    const query = { ...queryFor(filter), ...(filter.after !== undefined && { _id: { $gt: filter.after } }) };
    return lanesOf(this.connection).find(query, heads).sort({ _id: 1 }).limit(limit).toArray();
  }
}

function queryFor({ topic, minAgeMs }: LaneFilter): mongo.Filter<Lane> {
  return {
    ...(topic !== undefined && { topic }),
    ...(minAgeMs !== undefined && { parkedAt: { $lte: new Date(Date.now() - minAgeMs) } }),
  };
}
