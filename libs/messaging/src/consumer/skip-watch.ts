import { Logger } from '@nestjs/common';
import type { Skip } from '../parked/collections';
import type { Skips } from '../parked/skips';
import type { ConsumerPosition } from '../repair/consumer-positions';
import { partitionKey } from '../topic';
import { isTransient } from './event-handling';
import type { RawRecord } from './raw-record';

const INTERVAL_MS = 2_000;

/** Where a partition is to go on. */
export interface SeekTo {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** A partition stands at records that are to be passed over: from there on, up to `offset`. */
export interface Skipped extends SeekTo {
  readonly from: number;
}

/**
 * Knows which records an operator has the consumer pass over, whichever instance was told: it looks every 2 s. A partition that
 * stands at such a record is to go on behind it, before the record is fetched: reading it may be what ends the process.
 */
export class SkipWatch {
  private readonly logger = new Logger('KafkaConsumer');
  private pending: readonly Skip[] = [];
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  /** As of the last look. */
  seeks: readonly Skipped[] = [];

  constructor(
    private readonly topics: readonly string[],
    private readonly skips: Skips,
    private readonly positions: () => Promise<readonly ConsumerPosition[]>,
  ) {}

  /** Calls back after every look that found a partition standing at a record to be skipped. */
  start(onSeeks: (seeks: readonly Skipped[]) => void): void {
    this.timer = setTimeout(() => void this.turn(onSeeks), INTERVAL_MS);
    this.timer.unref();
  }

  private async turn(onSeeks: (seeks: readonly Skipped[]) => void): Promise<void> {
    await this.look();
    if (this.stopped) return;
    if (this.seeks.length > 0) onSeeks(this.seeks);
    this.start(onSeeks);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Never throws: what cannot be read now is read again in 2 s. */
  async look(): Promise<void> {
    // what was seen before may be passed by now
    this.seeks = [];
    try {
      this.pending = await this.skips.pending(this.topics);
      if (this.pending.length > 0) this.seeks = await this.seeksTo();
    } catch (error) {
      if (!isTransient(error)) this.logger.warn(`skips cannot be read: ${String(error)}`);
    }
  }

  isSkipped({ origin, withheld }: RawRecord): boolean {
    if (this.pending.length === 0) return false;
    const last = Number(origin.offset);
    const first = Number(withheld?.firstOffset ?? last);
    return this.pending.some(
      ({ topic, partition, offset }) =>
        topic === origin.topic && partition === origin.partition && first <= offset && offset <= last,
    );
  }

  private async seeksTo(): Promise<Skipped[]> {
    const committed = new Map((await this.positions()).map((at) => [partitionKey(at), at.committed]));
    const at = (skip: Skip) => committed.get(partitionKey(skip)) ?? -1;
    await this.skips.passed(this.pending.filter((skip) => at(skip) > skip.offset));
    const offsets = new Set(this.pending.map(({ _id }) => _id));
    return this.pending
      .filter((skip) => at(skip) === skip.offset)
      .map(({ topic, partition, offset }) => {
        let next = offset + 1;
        while (offsets.has(`${topic}:${partition}:${next}`)) next++;
        return { topic, partition, offset: next, from: offset };
      });
  }
}
