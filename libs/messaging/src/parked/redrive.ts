import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { BatchProcessor } from '../consumer/batch-processor';
import { isTransient } from '../consumer/event-handling';
import { type Outcome, Unappliable } from '../incoming-event';
import type { MessagingMetrics } from '../metrics';
import type { Topic } from '../topic';
import { appliedFrom, byVersion, type Lane, type ParkedRecord, rawRecordOf } from './lane';
import type { ParkedEvents } from './parked-events';

const INTERVAL_MS = 1_000;
const LANES_A_TURN = 100;
const COUNT_EVERY = 10;
const STOP_DEADLINE_MS = 8_000;

/**
 * Tries parked records again, through the handler they failed in, lowest version first; on a state topic the newest first,
 * because it makes the others needless. Every instance does it, the gate makes a second application harmless. A lane that
 * fails waits longer each time, up to 20 s (R12).
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
    await Promise.race([this.current, sleep(STOP_DEADLINE_MS, undefined, { ref: false })]);
  }

  /** Works a lane off as far as it goes; true when nothing is left in it. */
  async lane(id: string): Promise<boolean> {
    for (;;) {
      const lane = await this.parked.find(id);
      if (!lane) return true;
      const topic = this.topics.get(lane.topic);
      if (!topic || this.stopped) return false;
      const fault = await (topic.ordering === 'state' ? this.newestOf(topic, lane) : this.allOf(topic, lane));
      if (fault !== undefined) {
        await this.parked.failed(lane, fault);
        return false;
      }
      // what was appended meanwhile
      await this.parked.removeEmpty(id);
    }
  }

  /** The reason for which the lane goes no further. */
  private async allOf(topic: Topic<unknown>, lane: Lane): Promise<string | undefined> {
    for (const record of byVersion(lane.events)) {
      if (this.stopped) return undefined;
      const outcome = await this.retry(topic, lane, record);
      if (outcome instanceof Unappliable) return outcome.reason;
    }
    return undefined;
  }

  private async newestOf(topic: Topic<unknown>, lane: Lane): Promise<string | undefined> {
    let fault: string | undefined;
    for (const record of byVersion(lane.events).toReversed()) {
      if (this.stopped) return undefined;
      const outcome = await this.retry(topic, lane, record);
      if (outcome === 'applied' || outcome === 'duplicate') {
        await this.parked.supersede(lane._id, appliedFrom(lane.topic, record), topic);
        return undefined;
      }
      if (outcome instanceof Unappliable) fault = outcome.reason;
    }
    return fault;
  }

  private async retry(topic: Topic<unknown>, lane: Lane, record: ParkedRecord): Promise<Outcome> {
    const outcome = await this.processor.retry(topic, rawRecordOf(lane.topic, record));
    if (outcome instanceof Unappliable) return outcome;
    await this.parked.release(lane._id, [record]);
    this.logger.log(`${lane._id}: ${record.position} is ${outcome}`);
    return outcome;
  }

  private async turn(): Promise<void> {
    try {
      for (const lane of await this.parked.due([...this.topics.keys()], LANES_A_TURN)) {
        if (this.stopped) return;
        await this.tryLane(lane);
      }
      if (this.turns++ % COUNT_EVERY === 0) await this.count();
    } catch (error) {
      if (!isTransient(error)) this.logger.error('redrive failed', error);
    }
    if (!this.stopped) this.start();
  }

  /** A lane with a defect of its own must not keep the others from their turn. */
  private async tryLane(id: string): Promise<void> {
    try {
      await this.lane(id);
    } catch (error) {
      if (isTransient(error)) throw error;
      this.logger.error(`${id} cannot be redriven`, error);
      const lane = await this.parked.find(id);
      if (lane) await this.parked.failed(lane, String(error));
    }
  }

  private async count(): Promise<void> {
    const summary = await this.parked.summary();
    this.metrics.parked.reset();
    for (const { topic, lanes } of summary) this.metrics.parked.set({ topic }, lanes);
  }
}
