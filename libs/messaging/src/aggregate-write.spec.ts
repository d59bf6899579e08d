import { mongo } from 'mongoose';
import { entry, noteTopic, type Note, written } from '../testing/note';
import { aggregateWrite, type Decision, MAX_OUTBOX_BYTES, MAX_OUTBOX_ENTRIES, outcomeOf } from './aggregate-write';
import type { AggregateDocument } from './document';
import { EventTooLarge, OutboxFull } from './failures';

const topic = noteTopic();
const hex = '507f1f77bcf86cd799439011';

function write(loaded: AggregateDocument | undefined, decision: Decision<object> = written('n1', 'new')) {
  return aggregateWrite(topic, { id: 'n1', loaded, decision });
}

function stored(more: Record<string, unknown> = {}): AggregateDocument {
  const ours = { _id: 'n1', version: 4, eventVersion: 3, outbox: [], recentEventIds: ['w1'] };
  const state = { id: 'n1', text: 'old' };
  return { ...ours, ...state, ...more };
}

describe('the write of a new aggregate', () => {
  it('is one document with state, version 1 and its event, marked for the sweep', () => {
    const { document, baseVersion, outbox, writeId, stored: now } = write(undefined);
    expect(baseVersion).toBeUndefined();
    expect(document).toMatchObject({ _id: 'n1', version: 1, eventVersion: 1, text: 'new', recentEventIds: [writeId] });
    expect(document.outboxSince).toEqual(expect.any(Number));
    expect(document.outbox).toEqual(outbox);
    expect(outbox).toEqual([
      expect.objectContaining({
        id: writeId,
        version: 1,
        previousVersion: 0,
        topic: topic.name,
        value: '{"id":"n1","text":"new"}',
      }),
    ]);
    expect(now).toEqual({ id: 'n1', version: 1, state: { id: 'n1', text: 'new' }, deleted: false });
  });

  it('has no event, no mark and an empty outbox where nothing is to be told', () => {
    const { document, outbox } = write(undefined, { state: { text: 'quiet' } });
    expect(outbox).toEqual([]);
    expect(document).toEqual({
      _id: 'n1',
      text: 'quiet',
      version: 1,
      outbox: [],
      recentEventIds: [expect.any(String) as string],
    });
  });

  it('makes an ObjectId of 24 hex digits, and leaves out what is undefined', () => {
    const { document } = aggregateWrite(topic, {
      id: hex,
      loaded: undefined,
      decision: { state: { text: undefined, other: null } },
    });
    expect(document._id).toEqual(new mongo.ObjectId(hex));
    expect(Object.keys(document)).toEqual(['_id', 'other', 'version', 'outbox', 'recentEventIds']);
  });
});

describe('the write of a changed aggregate', () => {
  it('is bound to the loaded version and its last write, raises it by one and remembers itself', () => {
    const { filter, update, writeId, baseVersion } = write(stored());
    expect([filter, baseVersion]).toEqual([{ _id: 'n1', version: 4, recentEventIds: 'w1' }, 4]);
    expect(update).toMatchObject({
      $set: { id: 'n1', text: 'new', version: 5, eventVersion: 5 },
      $push: { recentEventIds: { $each: [writeId], $slice: -16 }, outbox: { version: 5, previousVersion: 3 } },
    });
  });

  it('marks the document with the earliest time, whatever the loaded outbox looked like (R1)', () => {
    for (const outbox of [[], [entry(4)]]) {
      expect(write(stored({ outbox })).update).toMatchObject({ $min: { outboxSince: expect.any(Number) as number } });
    }
    expect(write(stored(), { state: {} }).update).not.toHaveProperty('$min');
  });

  it('hands the publisher the whole outbox: as loaded, then the new event (R3)', () => {
    const waiting = [entry(2), entry(3)];
    expect(write(stored({ outbox: waiting })).outbox.map(({ version }) => version)).toEqual([2, 3, 5]);
    expect(write(stored({ outbox: waiting }), { state: {} }).outbox).toEqual([]);
  });

  it('takes out what is gone from the state, and nothing that is not state', () => {
    const loaded = stored({ color: 'red', _class: 'Note', outboxSince: 1 });
    expect(write(loaded).update.$unset).toEqual({ color: 1 });
    expect(write(stored()).update).not.toHaveProperty('$unset');
  });

  it('of a document without version counts from 0, and matches only while there is none', () => {
    const original = { _id: new mongo.ObjectId(hex), text: 'theirs', _class: 'Note' };
    const decision = { state: {}, event: { type: 'note.changed', value: { id: hex, text: 'ours' } } };
    const { filter, update, baseVersion, outbox } = write(original, decision);
    expect([filter, baseVersion]).toEqual([{ _id: original._id, version: null }, 0]);
    expect(update.$set).toMatchObject({ version: 1, eventVersion: 1 });
    expect(outbox[0]).toMatchObject({ version: 1, previousVersion: 0 });
  });

  it('that deletes leaves version and mark of deletion, nothing of the state', () => {
    const { update, stored: now } = write(stored(), {
      state: {},
      deleted: true,
      event: { type: 'note.deleted', value: null },
    });
    expect(update).toMatchObject({ $set: { version: 5, deleted: true }, $unset: { id: 1, text: 1 } });
    expect(update.$push).toMatchObject({ outbox: { value: null } });
    expect(now).toEqual({ id: 'n1', version: 5, state: {}, deleted: true });
  });

  it('that revives takes the mark of deletion away', () => {
    const { update, stored: now } = write({ _id: 'n1', version: 5, deleted: true });
    expect(update.$unset).toEqual({ deleted: 1 });
    expect(now).toMatchObject({ version: 6, deleted: false });
  });

  it('is refused when too many events or bytes wait, unless it tells nothing', () => {
    const many = Array.from({ length: MAX_OUTBOX_ENTRIES }, (_, index) => entry(index + 1));
    const heavy = [entry(1, 'ü'.repeat(MAX_OUTBOX_BYTES / 2))];
    for (const outbox of [many, heavy]) {
      expect(() => write(stored({ outbox }))).toThrow(OutboxFull);
      expect(write(stored({ outbox }), { state: {} }).baseVersion).toBe(4);
    }
    expect(write(stored({ outbox: many.slice(1) })).outbox).toHaveLength(MAX_OUTBOX_ENTRIES);
  });

  it('is refused when its event is too large for a Kafka message, counted in bytes', () => {
    const large = (length: number): Decision<Note> => written('n1', 'ü'.repeat(length));
    expect(() => write(stored(), large(460 * 1024))).toThrow(EventTooLarge);
    expect(write(stored(), large(440 * 1024)).outbox).toHaveLength(1);
  });

  it('needs a topic for an event', () => {
    const request = { id: 'n1', loaded: undefined, decision: written('n1', '') };
    expect(() => aggregateWrite(undefined, request)).toThrow('its store has no topic');
  });
});

describe('what became of a write whose answer was lost', () => {
  const update = write(stored());
  const insert = write(undefined);
  const at = (version: number | undefined, ...ids: string[]): AggregateDocument => ({
    _id: 'n1',
    ...(version !== undefined && { version }),
    recentEventIds: ids,
  });

  it.each([
    ['its id is there', update, at(5, update.writeId), 'written'],
    ['its id is there, and others came after', update, at(9, update.writeId, 'a', 'b', 'c', 'd'), 'written'],
    ['the version is still the loaded one', update, at(4, 'w1'), 'not yet'],
    ['another one took its version', update, at(5, 'other'), 'never'],
    ['as many others as are remembered came after', update, at(20, 'other'), 'never'],
    ['more others than are remembered came after', update, at(21, 'other'), 'unknown'],
    ['the majority has not even the version it was made on', update, at(3, 'other'), 'not yet'],
    ['the majority does not have the document yet', update, null, 'not yet'],
    ['the inserted document is not there', insert, null, 'not yet'],
    ['the inserted document is there', insert, at(1, insert.writeId), 'written'],
    ['somebody else inserted it', insert, at(1, 'other'), 'never'],
    ['somebody else inserted it without our fields', insert, { _id: 'n1' }, 'never'],
    ['the original document is unchanged', write({ _id: 'n1' }), { _id: 'n1' }, 'not yet'],
  ])('when %s', (_, one, now, outcome) => {
    expect(outcomeOf(one, now)).toBe(outcome);
  });
});

describe('what a write would lose is refused before anything is written', () => {
  const reserved = [
    '_id',
    'version',
    'deleted',
    'outbox',
    'outboxSince',
    'eventVersion',
    'eventAt',
    'recentEventIds',
    'idempotency',
    '_class',
  ];

  it.each([...reserved, 'a.b', '$set', '__proto__'])('a state with a field %s', (field) => {
    const state = JSON.parse(`{"text":"new","${field}":1}`) as object;
    for (const loaded of [undefined, stored()]) {
      expect(() => write(loaded, { state })).toThrow(expect.objectContaining({ name: 'FieldNotStorable', field }));
    }
  });

  it('but no field that has no value', () => {
    expect(write(undefined, { state: { text: 'new', version: undefined } }).document).toMatchObject({ version: 1 });
  });

  it.each([
    ['of a type that the topic does not list', { type: 'note.burnt', value: { id: 'n1', text: '' } }, /note\.burnt/],
    ['about another aggregate', { type: 'note.changed', value: { id: 'n2', text: '' } }, /its value is about n2/],
  ])('an event %s', (_, event, message) => {
    const refused = () => write(undefined, { state: {}, event });
    expect(refused).toThrow(expect.objectContaining({ name: 'EventNotOfTopic', topic: topic.name }));
    expect(refused).toThrow(message);
  });

  it('an event without a value where the topic allows none', () => {
    const event = { type: 'note.changed', value: null };
    const decision = { state: {}, event, deleted: true };
    expect(() => aggregateWrite(noteTopic('delta'), { id: 'n1', loaded: undefined, decision })).toThrow(
      /allows no event without a value/,
    );
  });
});
