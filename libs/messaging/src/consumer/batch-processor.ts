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
import { type DecodedRecord, decodeRecord, isResent, recordTime, recordVersion } from './record-decoding';

/** Gates that are asked at a time for what cannot be decoded. */
const GATES_AT_ONCE = 25;
/** A span that tells of more helps nobody. */
const MAX_SPAN_EVENTS = 100;

/** A record that was read again, and what became of it. */
export type Retried = DecodedRecord & { readonly outcome: Outcome };

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
   * Throws what will pass (`isTransient`), HandlerHangs before the last attempt, or a defect in this code: then nothing is lost and
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
    const passed = await this.passedOf(
      topic,
      parkings.filter(({ raw }) => faulty.has(raw)),
    );
    await this.park(inOrder(parkings.filter((parking) => !passed.has(parking))));
    if (parkings.length > 0) {
      const done = reached('events-parked');
      if (done) await done;
    }
    await this.hastenLanes(parkings);
    await this.tellLanes(topic, runnable, outcomes);
    this.count(topic, outcomes, { parked: parkings.length - passed.size, passed: passed.size });
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
    return outcome;
  }

  /**
   * Records that were read again from their topic, in their order, through the same handler: an outcome for each. `heldOf`
   * tells of which lanes something earlier still waits. Throws what `process` throws.
   */
  async retryAll(
    topic: Topic<unknown>,
    raws: readonly RawRecord[],
    { attempt, heldOf }: { attempt: Attempt; heldOf: (lanes: readonly string[]) => Promise<Set<string>> },
  ): Promise<Retried[]> {
    const decoded = raws.map((raw) => decodeRecord(topic, raw));
    const held = await heldOf(decoded.filter((each) => isOrderedByPlace(topic, each)).map(({ lane }) => lane));
    const outcomes = new Map<DecodedRecord, Outcome>();
    const runnable: Runnable[] = [];
    for (const record of decoded) {
      if (!record.event && (await this.isPassed(topic, record))) outcomes.set(record, 'duplicate');
      else if (!record.event) outcomes.set(record, new Unappliable(record.fault));
      else if (isOrderedByPlace(topic, record) && held.has(record.lane)) outcomes.set(record, new Unappliable(WAITS));
      else runnable.push({ record, event: record.event });
      if (outcomes.get(record) instanceof Unappliable && !record.alone) held.add(record.lane);
    }
    const handled = await this.handling.handle(topic, { batch: runnable, attempt });
    for (const [index, { record }] of runnable.entries())
      outcomes.set(record, handled[index] ?? new Unappliable('no outcome'));
    for (const outcome of outcomes.values()) {
      if (!(outcome instanceof Unappliable)) this.metrics.consumed.inc({ topic: topic.name, outcome });
    }
    await this.tellLanes(topic, runnable, handled);
    return decoded.map((record) => ({ ...record, outcome: outcomes.get(record) ?? new Unappliable('no outcome') }));
  }

  /**
   * Versioned events are gated by their version, so they go to the handler whatever is parked: a gap parks them there. Only a
   * delta without a version has nothing else to hold it back than its lane, and the positions behind the lane.
   */
  private async sort(
    topic: Topic<unknown>,
    decoded: readonly DecodedRecord[],
  ): Promise<{ runnable: Runnable[]; parkings: Parking[] }> {
    const ordered = decoded.filter((record) => isOrderedByPlace(topic, record)).map(({ lane }) => lane);
    // a lane with positions was full just now: to fill it again record by record costs the store more than all else
    const faulty = decoded.filter(({ event, alone }) => !event && !alone).map(({ lane }) => lane);
    // in this order: what a redrive moves from the positions into a lane meanwhile is in one of the two
    const positions = await this.parked.positions.among(topic.name, [...ordered, ...faulty]);
    const held = await this.parked.among(ordered);
    const runnable: Runnable[] = [];
    const parkings: Parking[] = [];
    for (const record of decoded) {
      const { lane, raw } = record;
      const behindPositions = positions.has(lane);
      if (!record.event) {
        parkings.push({ lane, raw, reason: record.fault, behindPositions });
        if (!record.alone) held.add(lane);
      } else if (isGateless(topic, record.event) && (held.has(lane) || behindPositions)) {
        parkings.push({ lane, raw, reason: WAITS, behindPositions });
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
    if (topic.ordering !== 'state') await this.parked.positions.hasten(topic.name, [...applied.keys()]);
    const held = await this.parked.likelyAmong([...applied.keys()]);
    if (held.size === 0) return;
    for (const [lane, event] of applied) if (held.has(lane)) await this.parked.supersede(lane, event, topic);
    if (topic.ordering !== 'state') await this.parked.hasten([...held]);
  }

  /** What has joined a lane behind an event that is too early may be what that one waits for. */
  private async hastenLanes(parkings: readonly Parking[]): Promise<void> {
    const joined = parkings.filter(({ reason }) => reason === WAITS).map(({ lane }) => lane);
    if (joined.length > 0) await this.parked.hasten(joined);
  }

  private async park(parkings: readonly Parking[]): Promise<void> {
    if (parkings.length === 0) return;
    const span = trace.getActiveSpan();
    for (const { lane, reason } of parkings.slice(0, MAX_SPAN_EVENTS)) span?.addEvent('parked', { lane, reason });
    await this.parked.parkAll(parkings);
  }

  private async passedOf(topic: Topic<unknown>, faulty: readonly Parking[]): Promise<Set<Parking>> {
    const passed = new Set<Parking>();
    for (let start = 0; start < faulty.length; start += GATES_AT_ONCE) {
      const some = faulty.slice(start, start + GATES_AT_ONCE);
      const are = await Promise.all(some.map((parking) => this.isPassed(topic, parking)));
      for (const [index, parking] of some.entries()) if (are[index]) passed.add(parking);
    }
    return passed;
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

  /**
   * Of a record of a producer that says when, and only at its first delivery: what is sent again by a repair, read again from the
   * topic, or waited in a lane for a person, would tell of slow delivery where there is none.
   */
  private tellDelay({ origin, headers, isKnown }: RawRecord): void {
    if (isKnown || isResent(headers)) return;
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

/** Nothing but its place tells when its turn is: a delta without a version, or what may be one. */
function isOrderedByPlace(topic: Topic<unknown>, { event, raw, alone }: DecodedRecord): boolean {
  if (alone || topic.ordering !== 'delta') return false;
  return event ? isGateless(topic, event) : !recordVersion(raw.headers);
}

function inOrder(parkings: readonly Parking[]): Parking[] {
  return parkings.toSorted((a, b) => Number(BigInt(a.raw.origin.offset) - BigInt(b.raw.origin.offset)));
}
