import { trace } from '@opentelemetry/api';
import { type IncomingEvent, type Outcome, Unappliable } from '../incoming-event';
import type { MessagingMetrics } from '../metrics';
import { aggregateOf } from '../parked/lane';
import type { ParkedEvents, Parking } from '../parked/parked-events';
import { reached } from '../steps';
import type { Topic } from '../topic';
import { type Attempt, LAST_ATTEMPT } from './attempts';
import type { Gate } from './event-gate';
import { type EventHandler, EventHandling, isGateless, isTransient, type Runnable, WAITS } from './event-handling';
import type { RawRecord } from './raw-record';
import { type DecodedRecord, decodeRecord, recordTime, recordVersion } from './record-decoding';

/** Takes records to their handler and parks what cannot be applied. When `process` returns, every record is durably one or the other. */
export class BatchProcessor {
  private readonly handling: EventHandling;

  constructor(
    handlerOf: (topic: string) => EventHandler | undefined,
    private readonly parked: ParkedEvents,
    private readonly metrics: MessagingMetrics,
    private readonly gateOf: (topic: string) => Gate | undefined = () => undefined,
  ) {
    this.handling = new EventHandling(handlerOf, () => parked.pingStore());
  }

  /**
   * Throws what will pass (`isTransient`), HandlerHangs before the last attempt, or a defect of ours: then nothing is lost and
   * the batch is to come again.
   */
  async process(topic: Topic<unknown>, records: readonly RawRecord[], attempt: Attempt): Promise<void> {
    const arrived = reached('events-received');
    if (arrived) await arrived;
    const decoded = records.map((raw) => decodeRecord(topic, raw));
    const { runnable, parkings } = await this.sort(topic, decoded);
    const outcomes = await this.handling.handle(topic, { batch: runnable, attempt });
    const applied = reached('events-applied');
    if (applied) await applied;
    for (const [index, outcome] of outcomes.entries()) {
      const record = runnable[index]?.record;
      if (outcome instanceof Unappliable && record) parkings.push(parkingOf(record, outcome));
      else if (outcome === 'applied' && record) this.tellDelay(record.raw);
    }
    const faulty = new Set(decoded.filter(({ event }) => !event).map(({ raw }) => raw));
    let passed = 0;
    for (const parking of inOrder(parkings)) {
      if (faulty.has(parking.raw) && (await this.isPassed(topic, parking))) passed++;
      else await this.park(parking);
    }
    if (parkings.length > 0) {
      const done = reached('events-parked');
      if (done) await done;
    }
    await this.tellLanes(topic, runnable, outcomes);
    this.count(topic, outcomes, { parked: parkings.length - passed, passed });
  }

  /** One parked record through the same handler. */
  async retry(topic: Topic<unknown>, raw: RawRecord): Promise<Outcome> {
    const record = decodeRecord(topic, raw);
    if (!record.event) return (await this.isPassed(topic, record)) ? 'duplicate' : new Unappliable(record.fault);
    const batch = [{ record, event: record.event }];
    const [outcome = new Unappliable('no outcome')] = await this.handling.handle(topic, {
      batch,
      attempt: LAST_ATTEMPT,
    });
    if (!(outcome instanceof Unappliable)) this.metrics.consumed.inc({ topic: topic.name, outcome });
    if (outcome === 'applied') this.tellDelay(raw);
    return outcome;
  }

  /**
   * Versioned events are gated by their version, so they go to the handler whatever is parked: a gap parks them there. Only a
   * delta without a version has nothing else to hold it back than its lane.
   */
  private async sort(
    topic: Topic<unknown>,
    decoded: readonly DecodedRecord[],
  ): Promise<{ runnable: Runnable[]; parkings: Parking[] }> {
    const gateless = decoded.filter(({ event }) => event && isGateless(topic, event));
    const held = await this.parked.among(gateless.map(({ lane }) => lane));
    const runnable: Runnable[] = [];
    const parkings: Parking[] = [];
    for (const record of decoded) {
      if (!record.event) {
        parkings.push({ lane: record.lane, raw: record.raw, reason: record.fault });
        if (!record.alone) held.add(record.lane);
      } else if (isGateless(topic, record.event) && held.has(record.lane)) {
        parkings.push({ lane: record.lane, raw: record.raw, reason: WAITS });
      } else {
        runnable.push({ record, event: record.event });
      }
    }
    return { runnable, parkings };
  }

  /**
   * What was applied may end the waiting of a parked record: it is superseded, or it was waiting for just this. One read a
   * batch, where anything may be parked; a lane that is overlooked comes to its turn by itself (docs/adr/0013).
   */
  private async tellLanes(topic: Topic<unknown>, runnable: readonly Runnable[], outcomes: readonly Outcome[]) {
    const applied = new Map<string, IncomingEvent<unknown>>();
    for (const [index, { record, event }] of runnable.entries()) {
      const outcome = outcomes[index];
      if (outcome !== 'applied' && outcome !== 'duplicate') continue;
      if ((applied.get(record.lane)?.version ?? 0) <= (event.version ?? 0)) applied.set(record.lane, event);
    }
    const held = await this.parked.likelyAmong([...applied.keys()]);
    if (held.size === 0) return;
    for (const [lane, event] of applied) if (held.has(lane)) await this.parked.supersede(lane, event, topic);
    if (topic.ordering !== 'state') await this.parked.hasten([...held]);
  }

  private async park(parking: Parking): Promise<void> {
    trace.getActiveSpan()?.addEvent('parked', { lane: parking.lane, reason: parking.reason });
    await this.parked.park(parking);
  }

  /** Whether a record that cannot be decoded has a version that its aggregate is past: it is missed by nobody (R12). */
  private async isPassed(topic: Topic<unknown>, { lane, raw }: Pick<Parking, 'lane' | 'raw'>): Promise<boolean> {
    const id = aggregateOf({ _id: lane, topic: topic.name });
    const version = recordVersion(raw.headers);
    const gate = this.gateOf(topic.name);
    if (id === undefined || !version || !gate) return false;
    try {
      return version <= ((await gate({ id, version: 0 })) ?? 0);
    } catch (error) {
      if (isTransient(error)) throw error;
      return false;
    }
  }

  /** Of a record of a producer that says when. */
  private tellDelay({ origin, headers }: RawRecord): void {
    const time = recordTime(headers);
    if (time !== undefined) this.metrics.applied(origin.topic, time);
  }

  private count(
    topic: Topic<unknown>,
    outcomes: readonly Outcome[],
    { parked, passed }: { parked: number; passed: number },
  ): void {
    const counts = { applied: 0, duplicate: passed, ignored: 0 };
    for (const outcome of outcomes) if (!(outcome instanceof Unappliable)) counts[outcome]++;
    for (const [outcome, count] of Object.entries({ ...counts, parked })) {
      if (count > 0) this.metrics.consumed.inc({ topic: topic.name, outcome }, count);
    }
  }
}

function parkingOf(record: DecodedRecord, { reason, stack }: Unappliable): Parking {
  return { lane: record.lane, raw: record.raw, reason, ...(stack !== undefined && { stack }) };
}

function inOrder(parkings: readonly Parking[]): Parking[] {
  return parkings.toSorted((a, b) => Number(BigInt(a.raw.origin.offset) - BigInt(b.raw.origin.offset)));
}
