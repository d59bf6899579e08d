import type { AggregateStore } from './aggregate-store';
import type { Decision } from './aggregate-write';
import type { NewEvent } from './outbox-entry';
import type { ReplicaStore } from './replica-store';
import type { EventTypeOf, Topic } from './topic';

interface Note {
  readonly text: string;
}

const types = ['note.changed', 'note.deleted'] as const;
type NoteEvent = EventTypeOf<{ types: typeof types }>;

/** The compiler is the test: it fails where one of these lines is no error any more (`npm run check:types`). */
interface NotAllowed {
  // @ts-expect-error the document's own version would take its place
  readonly version: AggregateStore<{ text: string; version: number }>;
  // @ts-expect-error it would be lost with the next read
  readonly deleted: AggregateStore<{ text: string; deleted?: boolean }>;
  // @ts-expect-error it would be sent to Kafka
  readonly outbox: AggregateStore<{ outbox: readonly string[] }>;
  // @ts-expect-error it would be lost with the next read
  readonly idempotency: AggregateStore<{ idempotency: string }>;
  // @ts-expect-error it would be lost with the next read
  readonly eventAt: AggregateStore<{ eventAt: Date }>;
  // @ts-expect-error it would be lost with the next read
  readonly id: AggregateStore<{ _id: string }>;
  // @ts-expect-error where unversioned records stand is kept there
  readonly unversioned: ReplicaStore<{ unversioned: string }>;
  // @ts-expect-error it would be lost with the next read
  readonly ofReplica: ReplicaStore<{ version: number }>;
}

declare const store: AggregateStore<Note, NoteEvent>;
declare const withoutTopic: AggregateStore<Note>;
declare const topic: Topic<unknown, NoteEvent>;
const state = { text: 'hello' };
const changed: NewEvent<'note.changed'> = { type: 'note.changed', value: state };
const burnt: NewEvent<'note.burnt'> = { type: 'note.burnt', value: state };
const any: NewEvent = { type: 'note.changed', value: state };

/** Compiled, and never called. */
function allowedOrNot(): unknown[] {
  const decision: Decision<Note, NoteEvent> = { state, event: changed };
  return [
    topic.types,
    store.insert('a', decision),
    withoutTopic.insert('a', { state }),
    // @ts-expect-error the topic does not list this type
    store.insert('a', { state, event: burnt }),
    // @ts-expect-error nobody knows which type it is
    store.insert('a', { state, event: any }),
    // @ts-expect-error the topic does not list this type
    store.put('a', () => ({ state, event: burnt })),
    // @ts-expect-error the topic does not list this type
    store.change('a', () => ({ state, event: burnt })),
    // @ts-expect-error the topic does not list this type
    store.remove('a', () => burnt),
    // @ts-expect-error the topic does not list this type
    store.changeMany(['a'], () => ({ state, event: burnt })),
    // @ts-expect-error the topic does not list this type
    store.insertMany([{ id: 'a', decision: { state, event: burnt } }]),
    // @ts-expect-error where there is no topic no event can go
    withoutTopic.insert('a', { state, event: changed }),
  ];
}

describe('what a store would lose', () => {
  it('does not compile', () => {
    const notAllowed: Partial<NotAllowed> = {};
    expect([notAllowed, allowedOrNot]).toEqual([{}, expect.any(Function)]);
  });
});
