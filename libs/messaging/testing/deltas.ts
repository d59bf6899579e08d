import type { Connection } from 'mongoose';
import type { Gate } from '../src/consumer/event-gate';
import { type IncomingEvent, type Outcome, Unappliable } from '../src/incoming-event';
import { DiscardedEvents } from '../src/parked/discarded-events';
import type { Lane } from '../src/parked/lane';
import { LaneListing } from '../src/parked/lane-listing';
import { ParkedOperations } from '../src/parked/parked-operations';
import type { Topic } from '../src/topic';
import { consuming, type ConsumingOptions, eventually } from './harness';
import { message } from './kafka';

/** Trying again does not help. */
export const bad = (id: string, version: number) => ({ ...message(id, version), value: '{"id":' });

/** A replica of deltas with a gate, as an application has one; `broken` ids are refused. */
export class Deltas {
  readonly applied = new Map<string, number[]>();
  readonly gates = new Map<string, number>();
  readonly broken = new Set<string>();

  readonly handle = async (events: IncomingEvent<unknown>[]): Promise<Outcome[]> => {
    for (const { id } of events) if (this.broken.has(id)) throw new RangeError(`${id} is broken`);
    return events.map(({ id, version = 0, previousVersion }) => {
      const at = this.gates.get(id) ?? 0;
      if (version <= at) return 'duplicate';
      if (previousVersion !== at) return new Unappliable(`gap: at ${at}, next is ${version}`);
      this.gates.set(id, version);
      this.applied.set(id, [...(this.applied.get(id) ?? []), version]);
      return 'applied';
    });
  };

  readonly gate: Gate = async ({ id, version }) => {
    if (id.startsWith('unknown')) return undefined;
    const at = Math.max(this.gates.get(id) ?? 0, version);
    if (version > 0) this.gates.set(id, at);
    return at;
  };
}

/** One instance that consumes the topic into Deltas, and what an operator needs to look after it. */
export async function operating(topic: Topic<unknown>, connection: Connection, options: ConsumingOptions = {}) {
  const deltas = new Deltas();
  const { consumer, parked, metrics, stop } = await consuming(topic, connection, (events) => deltas.handle(events), {
    gate: deltas.gate,
    ...options,
  });
  const listing = new LaneListing(connection);
  const operations = new ParkedOperations({ consumer, parked, listing, discarded: new DiscardedEvents(connection) });
  const laneOf = (id: string) => `${topic.name}|${id}`;
  const lane = (id: string) => parked.find(laneOf(id));
  const holds = (id: string, count: number) =>
    eventually(
      () => lane(id),
      (found) => (found?.count ?? 0) === count,
    );
  return { topic, deltas, consumer, parked, metrics, operations, laneOf, lane, holds, stop };
}

export const exhausted = (lane: Lane | null) => lane?.nextAttemptAt === null;
