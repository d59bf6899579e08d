import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { BatchProcessor } from '../consumer/batch-processor';
import { isTransient } from '../consumer/event-handling';
import { inProcessSpans } from '../consumer/process-spans';
import { type Outcome, TooEarly, Unappliable } from '../incoming-event';
import type { MessagingMetrics } from '../metrics';
import type { Topic } from '../topic';
import { appliedFrom, byVersion, type Lane, type ParkedRecord, rawRecordOf } from './lane';
import type { ParkedEvents } from './parked-events';

const INTERVAL_MS = 1_000;
const LANES_A_TURN = 100;
const COUNT_EVERY = 10;
/** At a time: a lane at which its handler hangs takes 5 s or more, and must not keep the others from their turn. */
const CONCURRENT_LANES = 8;
/** After so long a failing lane is left, with older events that might do: they come to their turn again with it. */
const MAX_FAILING_MS = 8_000;
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
 * aggregate that is applied gives the lane its turn at once, even then. Several lanes are tried at a time.
 */
export class Redrive {
  static readonly intervalMs = INTERVAL_MS;
  private readonly logger = new Logger(Redrive.name);
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private turns = 0;
  private current: Promise<void> = Promise.resolve();
  /** Lanes that are being tried; a turn does not wait for the last ones. */
  private readonly trying = new Map<string, Promise<void>>();

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
    const ended = this.current.then(() => Promise.all(this.trying.values()));
    await Promise.race([ended, sleep(STOP_DEADLINE_MS, undefined, { ref: false })]);
  }

  /** Works a lane off as far as it goes. */
  async lane(id: string): Promise<LaneReport> {
    for (let [released, of] = [0, '']; ;) {
      const lane = await this.parked.find(id);
      // its positions have waited for this
      if (!lane && released > 0) await this.parked.positions.hasten(of, [id]);
      if (!lane) return { lane: id, released, left: 0 };
      of = lane.topic;
      const topic = this.topics.get(lane.topic);
      if (!topic || this.stopped) {
        const reason = topic ? 'the service is stopping' : `this service does not consume ${lane.topic}`;
        return { lane: id, released, left: lane.count, reason };
      }
      const run = await this.begun(topic, lane, released > 0);
      released += run.released;
      if (run.fault) return { lane: id, released, left: lane.count - run.released, reason: run.fault.reason };
      // what was appended meanwhile
      await this.parked.removeEmpty(id);
    }
  }

  /** Counts as a try from its beginning; what passes by itself counts as no failure of the lane. */
  private async begun(topic: Topic<unknown>, lane: Lane, progressed: boolean): Promise<Run> {
    const { attempts } = this.parked;
    const turn = await attempts.begin(lane, progressed);
    try {
      const run = await (topic.ordering === 'state' ? this.newestOf(topic, lane) : this.allOf(topic, lane));
      if (run.fault) await attempts.failed(turn, run.fault, progressed || run.released > 0);
      else await attempts.takeBack(turn, lane);
      return run;
    } catch (error) {
      if (isTransient(error)) await attempts.takeBack(turn, lane);
      else await attempts.failed(turn, new Unappliable(String(error)));
      throw error;
    }
  }

  private async allOf(topic: Topic<unknown>, lane: Lane): Promise<Run> {
    let [released, open] = [0, byVersion(lane.events)];
    const until = performance.now() + MAX_FAILING_MS;
    for (;;) {
      const early: ParkedRecord[] = [];
      let fault: Unappliable | undefined;
      for (const record of open) {
        if (this.stopped) return { released };
        const outcome = await this.retry(topic, lane, record);
        if (!(outcome instanceof Unappliable)) released++;
        else if (outcome instanceof TooEarly && performance.now() < until) {
          early.push(record);
          fault ??= outcome;
        } else return { released, fault: outcome };
      }
      // what was applied behind them may be what they wait for
      if (!fault || early.length === open.length) return { released, ...(fault && { fault }) };
      open = early;
    }
  }

  private async newestOf(topic: Topic<unknown>, lane: Lane): Promise<Run> {
    let [released, fault]: [number, Unappliable | undefined] = [0, undefined];
    const until = performance.now() + MAX_FAILING_MS;
    for (const record of byVersion(lane.events).toReversed()) {
      if (this.stopped) break;
      const outcome = await this.retry(topic, lane, record);
      if (outcome instanceof Unappliable) {
        fault = outcome;
        if (performance.now() > until) break;
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
    const outcome = await inProcessSpans({ group: this.metrics.group, records: [raw] }, () =>
      this.processor.retry(topic, raw),
    );
    if (outcome instanceof Unappliable) return outcome;
    await this.parked.release(lane._id, [record]);
    this.logger.log(`${lane._id}: ${record.position} is ${outcome}`);
    return outcome;
  }

  private async turn(): Promise<void> {
    try {
      for (const lane of await this.parked.due([...this.topics.keys()], LANES_A_TURN)) {
        if (this.trying.has(lane)) continue;
        if (this.trying.size >= CONCURRENT_LANES) await Promise.race(this.trying.values());
        if (this.stopped) return;
        const ended = this.tryLane(lane).finally(() => this.trying.delete(lane));
        this.trying.set(lane, ended);
      }
      if (this.turns++ % COUNT_EVERY === 0) await this.count();
    } catch (error) {
      tellDefect(error, this.logger);
    }
    if (!this.stopped) this.start();
  }

  /** Never throws: trouble of one lane is not the others'. */
  private async tryLane(id: string): Promise<void> {
    try {
      await this.lane(id);
    } catch (error) {
      if (!isTransient(error)) this.logger.error({ msg: `${id} cannot be redriven`, err: error });
    }
  }

  private async count(): Promise<void> {
    this.metrics.parked(this.topics.keys(), await this.parked.summary());
  }
}

function tellDefect(error: unknown, logger: Logger): void {
  if (!isTransient(error)) logger.error({ msg: 'redrive failed', err: error });
}

interface Run {
  readonly released: number;
  /** Why the lane goes no further. */
  readonly fault?: Unappliable;
}
