import { Logger } from '@nestjs/common';
import type { BatchProcessor } from '../consumer/batch-processor';
import { isTransient } from '../consumer/batch-processor';
import { Unappliable } from '../incoming-event';
import type { MessagingMetrics } from '../metrics';
import type { Topic } from '../topic';
import { type Lane, type ParkedRecord, rawRecordOf } from './lane';
import type { ParkedEvents } from './parked-events';

const INTERVAL_MS = 1_000;
const LANES_A_TURN = 50;
const COUNT_EVERY = 10;
const DECIMAL = /^\d+$/;

/**
 * Tries parked records again, lowest version first, through the handler they failed in; every instance does it, the gate
 * makes a second application harmless. A lane that fails waits longer each time, up to a minute (R12).
 */
export class Redrive {
  private readonly logger = new Logger(Redrive.name);
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private turns = 0;
  private current: Promise<void> = Promise.resolve();

  constructor(
    private readonly topics: ReadonlyMap<string, Topic<unknown>>,
    private readonly processor: BatchProcessor,
    private readonly parked: ParkedEvents,
    private readonly metrics: MessagingMetrics,
  ) {}

  start(): void {
    this.timer = setTimeout(() => {
      this.current = this.turn();
    }, INTERVAL_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.current;
  }

  /** Works a lane off as far as it goes; true when nothing is left in it. */
  async lane(lane: Lane): Promise<boolean> {
    const topic = this.topics.get(lane.topic);
    if (!topic) return false;
    for (let left: Lane | null = lane; left; left = await this.parked.find(lane._id)) {
      const next = lowest(left.events);
      if (!next) {
        await this.parked.removeEmpty(lane._id);
        return true;
      }
      const outcome = await this.processor.retry(topic, rawRecordOf(lane.topic, next));
      if (outcome instanceof Unappliable) {
        await this.parked.failed(left, outcome.reason);
        return false;
      }
      await this.parked.release(lane._id, next);
      this.logger.log(`${lane._id}: ${next.position} is ${outcome}`);
    }
    return true;
  }

  private async turn(): Promise<void> {
    try {
      for (const lane of await this.parked.due(LANES_A_TURN)) {
        if (this.stopped) return;
        await this.lane(lane);
      }
      if (this.turns++ % COUNT_EVERY === 0) await this.count();
    } catch (error) {
      if (!isTransient(error)) this.logger.error('redrive failed', error);
    }
    if (!this.stopped) this.start();
  }

  private async count(): Promise<void> {
    const summary = await this.parked.summary();
    this.metrics.parked.reset();
    for (const { topic, lanes } of summary) this.metrics.parked.set({ topic }, lanes);
  }
}

/** Lowest version first; records without a version keep the order in which they were parked, behind the versioned ones. */
function lowest(events: readonly ParkedRecord[]): ParkedRecord | undefined {
  const versions = events.map((event) => ({ event, version: versionOf(event) }));
  return versions.reduce<{ event: ParkedRecord; version: number } | undefined>(
    (best, next) => (best === undefined || next.version < best.version ? next : best),
    undefined,
  )?.event;
}

function versionOf({ headers }: ParkedRecord): number {
  const header = headers.find(({ name }) => name === 'ce_aggregateversion')?.value;
  const text = header ? Buffer.from(header.value()).toString('utf8') : '';
  return DECIMAL.test(text) ? Number(text) : Infinity;
}
