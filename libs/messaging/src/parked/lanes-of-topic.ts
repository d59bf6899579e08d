import type { Lane } from './lane';

export interface LanesOfTopic {
  readonly topic: string;
  readonly lanes: number;
  readonly events: number;
  /** Of the events, together. */
  readonly bytes: number;
  /** Of the lanes: those that only a person redrives. */
  readonly exhausted: number;
  readonly oldest: Date;
}

export function summaryOf(
  lanes: readonly Pick<Lane, 'topic' | 'parkedAt' | 'count' | 'bytes' | 'nextAttemptAt'>[],
): LanesOfTopic[] {
  return [...Map.groupBy(lanes, ({ topic }) => topic)].map(([topic, list]) => ({
    topic,
    lanes: list.length,
    events: list.reduce((sum, { count }) => sum + count, 0),
    bytes: list.reduce((sum, { bytes }) => sum + bytes, 0),
    exhausted: list.filter(({ nextAttemptAt }) => nextAttemptAt === null).length,
    oldest: list.reduce((oldest, { parkedAt }) => (parkedAt < oldest ? parkedAt : oldest), new Date()),
  }));
}
