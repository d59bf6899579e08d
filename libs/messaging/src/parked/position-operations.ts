import { cut } from '../cut';
import type { KafkaConsumer } from '../consumer/kafka-consumer';
import { TopicUnreadable } from '../kafka/record-reader';
import type { Decree } from './discarded-events';
import { DiscardRefused, NotParked } from './operator-failures';
import type { ParkedEvents } from './parked-events';
import {
  CHUNK_OFFSETS,
  entriesIn,
  type Position,
  type PositionFacts,
  type PositionRange,
  runsOf,
  type Span,
  spanOf,
} from './positions-chunk';
import type { PositionsReport } from './positions-run';
import type { ExpiringPositions } from './positions-watch';
import { Skips } from './skips';

/** One call goes on for so long; a client goes on behind `next`. */
const MAX_CALL_MS = 10_000;
const MAX_SHOWN = 1_000;

/** A position as operators see it. */
export interface ShownPosition extends Span {
  readonly reason: string;
  readonly facts?: PositionFacts;
}

/** What an operator does with records that are known by their position. */
export class PositionOperations {
  private readonly skips: Skips;

  constructor(
    private readonly consumer: KafkaConsumer,
    private readonly parked: ParkedEvents,
  ) {
    this.skips = new Skips(parked.connection);
  }

  /** How many there are of each partition, and until when their topics keep the records. */
  list(): Promise<ExpiringPositions[]> {
    return this.consumer.positions.list();
  }

  /** Those of a range, at most 1,000; `next` is where to go on. Throws NotParked when there is none. */
  async show(range: PositionRange): Promise<{ positions: ShownPosition[]; next?: number }> {
    const shown: ShownPosition[] = [];
    for await (const { chunk, entries, next } of this.chunksOf(range)) {
      for (const entry of entries) {
        const facts = chunk.facts?.[String(entry.o)];
        shown.push({ ...spanOf(chunk, entry), reason: facts?.reason ?? chunk.reason, ...(facts && { facts }) });
      }
      if (shown.length >= MAX_SHOWN) return { positions: shown, ...(next <= range.to && { next }) };
    }
    if (shown.length === 0) throw new NotParked(textOf(range));
    return { positions: shown };
  }

  /** Reads them from their topic and tries them, as far as it goes in 10 s. */
  redrive(range: PositionRange): Promise<PositionsReport & { next?: number }> {
    return this.consumer.redrivePositions(range, performance.now() + MAX_CALL_MS);
  }

  /**
   * Gives them up unread, as far as it goes in 10 s: the reason is kept first, for every run of neighbours. No gate moves: a
   * version that is missing then is given up in the lane that waits for it. Throws NotParked when there is none.
   */
  async discard(range: PositionRange, decree: Decree): Promise<{ discarded: number; next?: number }> {
    const until = performance.now() + MAX_CALL_MS;
    let discarded = 0;
    for await (const { chunk, entries, next } of this.chunksOf(range)) {
      for (const { first, last } of runsOf(entries.map((entry) => spanOf(chunk, entry)))) {
        const positions = { partition: chunk.partition, first, last, count: last - first + 1 };
        await this.parked.discarded.keepPositions(chunk.topic, positions, { ...decree, fault: chunk.reason });
      }
      await this.parked.positions.release(chunk, entries);
      discarded += entries.length;
      if (performance.now() > until && next <= range.to) return { discarded, next };
    }
    if (discarded === 0) throw new NotParked(textOf(range));
    return { discarded };
  }

  /**
   * The last resort: the record is kept by its position, unread and not handled, and its partition goes on behind it, whichever
   * instance has it. Durable when it returns. Throws DiscardRefused where the group is behind it already or nothing is there, TopicUnreadable where Kafka does not answer.
   */
  async skip({ topic, partition, offset }: Position, { by, reason }: Decree): Promise<void> {
    const place = `${topic}[${partition}:${offset}]`;
    const known = await this.consumer.committed().catch((error: unknown) => {
      throw new TopicUnreadable(topic, error);
    });
    const at = known.find((each) => each.topic === topic && each.partition === partition);
    if (!at) throw new NotParked(`${topic}[${partition}]`);
    const { committed, end } = at;
    if (offset < committed) throw new DiscardRefused(`${place} is consumed already.`, { offset, committed });
    if (offset >= end) throw new DiscardRefused(`There is no record at ${place} yet.`, { offset, end });
    const origin = { topic, partition, offset: String(offset), timestamp: Date.now() };
    const raw = { origin, key: null, value: null, headers: [] };
    const why = cut(`skipped: ${reason}`);
    await this.parked.positions.append([
      { lane: `${topic}:${partition}:${offset}`, raw, reason: why, facts: { reason: why, skippedBy: by } },
    ]);
    await this.skips.add({ topic, partition, offset, reason, by });
  }

  private async *chunksOf(range: PositionRange) {
    for await (const chunk of this.parked.positions.within(range)) {
      const entries = entriesIn(chunk, range);
      if (entries.length > 0) yield { chunk, entries, next: (chunk.chunk + 1) * CHUNK_OFFSETS };
    }
  }
}

function textOf({ topic, partition, from, to }: PositionRange): string {
  return from === to ? `${topic}[${partition}:${from}]` : `${topic}[${partition}:${from}-${to}]`;
}
