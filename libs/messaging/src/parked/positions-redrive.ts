import { Logger } from '@nestjs/common';
import { cut } from '../cut';
import { type Attempt, LAST_ATTEMPT } from '../consumer/attempts';
import type { BatchProcessor, Retried } from '../consumer/batch-processor';
import { HandlerHangs, isTransient } from '../consumer/event-handling';
import { inProcessSpans } from '../consumer/process-spans';
import type { RawRecord } from '../consumer/raw-record';
import { Unappliable } from '../incoming-event';
import { type PositionReader, TopicUnreadable } from '../kafka/record-reader';
import type { MessagingMetrics } from '../metrics';
import type { Topic } from '../topic';
import type { ParkedEvents, Parking } from './parked-events';
import {
  CHUNK_OFFSETS,
  entriesIn,
  type PositionEntry,
  type PositionRange,
  type PositionsChunk,
  runsOf,
  spanOf,
} from './positions-chunk';
import { type PositionsReport, PositionsRun } from './positions-run';
import { PositionsWalk } from './positions-walk';

/** Another instance leaves a chunk alone for so long. */
const CLAIM_MS = 60_000;
/** A chunk is left after so long, and goes on at its next turn. */
const MAX_CHUNK_MS = 8_000;
const RECORDS_AT_ONCE = 100;
/** Chunks that come to their turn at a time. */
const CHUNKS_A_TURN = 8;

interface Parts {
  readonly topics: ReadonlyMap<string, Topic<unknown>>;
  readonly processor: BatchProcessor;
  readonly parked: ParkedEvents;
  readonly metrics: MessagingMetrics;
  /** Lets somebody read topics by position. */
  readonly reading: <T>(work: (reader: PositionReader) => Promise<T>) => Promise<T>;
}

/**
 * Tries records again that are kept by their position: reads them from their topic, in the order of their offsets, and hands
 * them to their handler. What cannot be applied goes into its lane when there is room, else it stays. A record that must wait
 * for its lane, or for an earlier position of it, is not handed over before.
 */
export class PositionsRedrive {
  private readonly logger = new Logger(PositionsRedrive.name);

  constructor(private readonly parts: Parts) {}

  /** The chunks whose turn has come, until the time (monotonic, ms) is over. Never throws what passes by itself. */
  async due(until: number, isStopped: () => boolean): Promise<void> {
    const { topics, parked, reading } = this.parts;
    const ids = await parked.positions.due([...topics.keys()], CHUNKS_A_TURN);
    if (ids.length === 0) return;
    await reading(async (reader) => {
      for (const id of ids) {
        if (isStopped() || performance.now() > until) return;
        const chunk = await parked.positions.claim(id, this.aTry);
        if (chunk) await this.workOff(reader, chunk);
      }
    });
  }

  /** By hand: positions of a range, as far as they go until then; `next` is where to go on. Throws TopicUnreadable. */
  async range(range: PositionRange, until: number): Promise<PositionsReport & { next?: number }> {
    const { parked, reading } = this.parts;
    return reading(async (reader) => {
      let sum: PositionsReport = { released: 0, moved: 0, lost: 0, left: 0 };
      for await (const chunk of parked.positions.within(range)) {
        const next = Math.max(range.from, chunk.chunk * CHUNK_OFFSETS);
        if (performance.now() > until) return { ...sum, next };
        sum = added(sum, await this.byHand(reader, chunk, { ...range, until }));
      }
      return sum;
    });
  }

  private get aTry() {
    return { forMs: CLAIM_MS, maxRedrives: this.parts.parked.limits.maxRedrives };
  }

  /** A person may try what another instance is trying; then that one's count stands. */
  private async byHand(
    reader: PositionReader,
    chunk: PositionsChunk,
    range: PositionRange & { until: number },
  ): Promise<PositionsReport> {
    const { positions } = this.parts.parked;
    const begun = (await positions.begin(chunk, this.aTry)) ?? chunk;
    try {
      const report = await this.chunk(reader, begun, range);
      if (report.left === 0) await positions.takeBack(begun, chunk);
      return report;
    } catch (error) {
      await positions.takeBack(begun, chunk);
      throw error;
    }
  }

  private async workOff(reader: PositionReader, chunk: PositionsChunk): Promise<void> {
    const range = { topic: chunk.topic, partition: chunk.partition, from: 0, to: Number.MAX_SAFE_INTEGER };
    try {
      await this.chunk(reader, chunk, { ...range, until: performance.now() + MAX_CHUNK_MS });
    } catch (error) {
      if (error instanceof TopicUnreadable) this.logger.debug(error.message);
      else if (!isTransient(error)) this.logger.error({ msg: `${chunk._id} cannot be redriven`, err: error });
      await this.failed(chunk, { reason: error instanceof Error ? error.message : String(error), progressed: true });
    }
  }

  private async chunk(
    reader: PositionReader,
    chunk: PositionsChunk,
    range: PositionRange & { until: number },
  ): Promise<PositionsReport> {
    const topic = this.parts.topics.get(chunk.topic);
    const entries = entriesIn(chunk, range);
    if (!topic) return { ...NOTHING, left: entries.length, reason: `this service does not consume ${chunk.topic}` };
    const run = new PositionsRun(chunk);
    const walk = new PositionsWalk(reader, chunk);
    for await (const { records, ended, lost } of walk.groups(entries, RECORDS_AT_ONCE)) {
      await this.lose(lost, run);
      await this.tryRecords(topic, records, { run, until: range.until });
      await this.parts.parked.positions.release(chunk, run.settled(ended));
      if (performance.now() > range.until) break;
    }
    const report = run.report(entries.length);
    if (report.left > 0) {
      const progressed = report.released + report.moved + report.lost > 0;
      await this.failed(chunk, { reason: report.reason ?? '', progressed });
    }
    return report;
  }

  /** In one batch; where the handler hangs, one at a time. */
  private async tryRecords(
    topic: Topic<unknown>,
    records: readonly RawRecord[],
    { run, until }: { run: PositionsRun; until: number },
  ): Promise<void> {
    if (records.length === 0) return;
    run.begin(records);
    try {
      await this.retry(topic, records, { run, attempt: 0 });
    } catch (error) {
      if (!(error instanceof HandlerHangs)) throw error;
      for (const record of records) {
        if (performance.now() > until) return;
        await this.retry(topic, [record], { run, attempt: LAST_ATTEMPT });
      }
    }
  }

  private async retry(
    topic: Topic<unknown>,
    records: readonly RawRecord[],
    { run, attempt }: { run: PositionsRun; attempt: Attempt },
  ): Promise<void> {
    const heldOf = (lanes: readonly string[]) => this.heldOf(run, lanes);
    const retried = await inProcessSpans({ group: this.parts.metrics.group, records }, () =>
      this.parts.processor.retryAll(topic, records, { attempt, heldOf }),
    );
    for (const each of retried) if (!(each.outcome instanceof Unappliable)) run.applied(each);
    await this.intoLanes(
      retried.filter(({ outcome }) => outcome instanceof Unappliable),
      run,
    );
  }

  /** Lanes whose own events, or earlier positions, go first. */
  private async heldOf(run: PositionsRun, lanes: readonly string[]): Promise<Set<string>> {
    // in this order: what another redrive moves into a lane meanwhile is in one of the two
    const before = await this.earlier(run, lanes);
    const inLanes = await this.parts.parked.among(lanes);
    return new Set([...inLanes, ...before]);
  }

  /** Lanes that have a position before this one that stays. */
  private async earlier({ chunk, stuck }: PositionsRun, lanes: readonly string[]): Promise<Set<string>> {
    const { topic, partition } = chunk;
    const before = await this.parts.parked.positions.among(topic, lanes, {
      topic,
      partition,
      offset: chunk.chunk * CHUNK_OFFSETS,
    });
    return new Set([...before, ...lanes.filter((lane) => stuck.has(lane))]);
  }

  /** As far as there is room; nothing goes there before an earlier position of the same lane. */
  private async intoLanes(failed: readonly Retried[], run: PositionsRun): Promise<void> {
    const earlier = await this.earlier(
      run,
      failed.map(({ lane }) => lane),
    );
    const may = failed.filter(({ lane, raw }) => !raw.withheld && !earlier.has(lane));
    const left = await this.parts.parked.moveIntoLanes(may.map(parkingOf));
    const stay = new Set(failed.filter((each) => !may.includes(each) || left.has(each.raw)));
    for (const each of failed) if (stay.has(each)) run.stays(each);
    for (const each of failed) if (!stay.has(each)) run.movedToLane(each);
  }

  private async lose(lost: readonly PositionEntry[], run: PositionsRun): Promise<void> {
    if (lost.length === 0) return;
    const { chunk } = run;
    const { topic, partition } = chunk;
    const { parked, metrics } = this.parts;
    const told = { by: 'retention', reason: 'deleted by its topic before it could be applied', fault: chunk.reason };
    for (const { first, last } of runsOf(lost.map((entry) => spanOf(chunk, entry)))) {
      await parked.discarded.keepPositions(topic, { partition, first, last, count: last - first + 1 }, told);
      const help = `tell their owner: npm run republish -- --topic ${topic} --all`;
      this.logger.error(`${topic}[${partition}:${first}-${last}] is lost: ${told.reason}; ${help}`);
    }
    // another instance may have found the same
    metrics.positionsLost.inc({ topic }, await parked.positions.release(chunk, lost));
    run.lose(lost.length);
  }

  private failed(
    chunk: PositionsChunk,
    { reason, progressed }: { reason: string; progressed: boolean },
  ): Promise<void> {
    const { positions, limits } = this.parts.parked;
    return positions.failed(chunk, {
      reason: cut(reason),
      progressed,
      maxRedrives: limits.maxRedrives,
    });
  }
}

const NOTHING: PositionsReport = { released: 0, moved: 0, lost: 0, left: 0 };

function added(a: PositionsReport, b: PositionsReport): PositionsReport {
  const reason = b.reason ?? a.reason;
  return {
    released: a.released + b.released,
    moved: a.moved + b.moved,
    lost: a.lost + b.lost,
    left: a.left + b.left,
    ...(reason !== undefined && { reason }),
  };
}

function parkingOf({ lane, raw, outcome }: Retried): Parking {
  const { reason, stack } = outcome instanceof Unappliable ? outcome : new Unappliable('');
  return { lane, raw, reason, ...(stack !== undefined && { stack }) };
}
