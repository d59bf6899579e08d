import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { BatchProcessor } from '../consumer/batch-processor';
import { isTransient } from '../consumer/event-handling';
import { inProcessSpans } from '../consumer/process-spans';
import { type Outcome, Unappliable } from '../incoming-event';
import type { MessagingMetrics } from '../metrics';
import type { Topic } from '../topic';
import { appliedFrom, byVersion, type Lane, type ParkedRecord, rawRecordOf } from './lane';
import type { ParkedEvents } from './parked-events';

const INTERVAL_MS = 1_000;
const LANES_A_TURN = 100;
const COUNT_EVERY = 10;
const STOP_DEADLINE_MS = 8_000;

/** What became of a lane's events when they were tried. */
export interface LaneReport {
  readonly lane: string;
  /** Applied now, or found to be needless. */
  readonly released: number;
  readonly left: number;
  /** Why the rest could not be applied. */
  readonly reason?: string;
}

/**
 * Tries parked records again, through the handler they failed in, lowest version first; on a state topic the newest first,
 * because it makes the others needless. Every instance does it, the gate makes a second application harmless. A lane that
 * fails waits longer each time, up to a minute, and is left to a person after a number of failures (R12). An event of its
 * aggregate that is applied gives the lane its turn at once, even then.
 */
export class Redrive {
  static readonly intervalMs = INTERVAL_MS;
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

  /** Works a lane off as far as it goes. */
  async lane(id: string): Promise<LaneReport> {
    for (let released = 0; ;) {
      const lane = await this.parked.find(id);
      if (!lane) return { lane: id, released, left: 0 };
      const topic = this.topics.get(lane.topic);
      if (!topic || this.stopped) {
        const reason = topic ? 'the service is stopping' : `this service does not consume ${lane.topic}`;
        return { lane: id, released, left: lane.count, reason };
      }
      const run = await (topic.ordering === 'state' ? this.newestOf(topic, lane) : this.allOf(topic, lane));
      released += run.released;
      if (run.fault) {
        await this.parked.failed(lane, run.fault, released > 0);
        return { lane: id, released, left: lane.count - run.released, reason: run.fault.reason };
      }
      // what was appended meanwhile
      await this.parked.removeEmpty(id);
    }
  }

  private async allOf(topic: Topic<unknown>, lane: Lane): Promise<Run> {
    let released = 0;
    for (const record of byVersion(lane.events)) {
      if (this.stopped) break;
      const outcome = await this.retry(topic, lane, record);
      if (outcome instanceof Unappliable) return { released, fault: outcome };
      released++;
    }
    return { released };
  }

  private async newestOf(topic: Topic<unknown>, lane: Lane): Promise<Run> {
    let [released, fault]: [number, Unappliable | undefined] = [0, undefined];
    for (const record of byVersion(lane.events).toReversed()) {
      if (this.stopped) break;
      const outcome = await this.retry(topic, lane, record);
      if (outcome instanceof Unappliable) {
        fault = outcome;
        continue;
      }
      released++;
      if (outcome === 'ignored') continue;
      released += await this.parked.supersede(lane._id, appliedFrom(lane.topic, record), topic);
      return { released };
    }
    return { released, ...(fault && !this.stopped && { fault }) };
  }

  private async retry(topic: Topic<unknown>, lane: Lane, record: ParkedRecord): Promise<Outcome> {
    const raw = rawRecordOf(lane.topic, record);
    const outcome = await inProcessSpans([raw], () => this.processor.retry(topic, raw));
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
      if (!isTransient(error)) this.logger.error({ msg: 'redrive failed', err: error });
    }
    if (!this.stopped) this.start();
  }

  /** A lane with a defect of its own must not keep the others from their turn. */
  private async tryLane(id: string): Promise<void> {
    try {
      await this.lane(id);
    } catch (error) {
      if (isTransient(error)) throw error;
      this.logger.error({ msg: `${id} cannot be redriven`, err: error });
      const lane = await this.parked.find(id);
      if (lane) await this.parked.failed(lane, new Unappliable(String(error)));
    }
  }

  private async count(): Promise<void> {
    this.metrics.parked(this.topics.keys(), await this.parked.summary());
  }
}

interface Run {
  readonly released: number;
  /** Why the lane goes no further. */
  readonly fault?: Unappliable;
}
