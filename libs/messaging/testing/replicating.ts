import type { Connection } from 'mongoose';
import type { EventHandler } from '../src/consumer/event-handling';
import type { IncomingEvent, Outcome } from '../src/incoming-event';
import { ReplicaStore } from '../src/replica-store';
import type { Note } from './note';

export interface Replicating {
  readonly store: ReplicaStore<Note>;
  readonly handler: EventHandler;
  /** What became of every event that the handler was given, in that order. */
  readonly outcomes: { id: string; outcome: Outcome }[];
  idsOf(outcome: Outcome): string[];
}

/** A handler that keeps a replica of notes in this collection. */
export function replicating(connection: Connection, collection: string): Replicating {
  const store = new ReplicaStore<Note>(connection.collection(collection));
  const outcomes: Replicating['outcomes'] = [];
  return {
    store,
    outcomes,
    handler: async (events) => {
      const notes = events as IncomingEvent<Note>[];
      const results = await store.apply(notes.map(({ value, ...rest }) => ({ ...rest, state: value })));
      outcomes.push(...results.map((outcome, index) => ({ id: notes[index]?.id ?? '', outcome })));
      return results;
    },
    idsOf: (wanted) => outcomes.filter(({ outcome }) => outcome === wanted).map(({ id }) => id),
  };
}
