import type { RawRecord } from '../consumer/raw-record';
import { type Lane, parkedRecord } from './lane';
import { laneDetail, laneView } from './lane-view';

function raw(offset: number, value: Buffer | null, version?: string): RawRecord {
  return {
    origin: { topic: 'notes', partition: 0, offset: String(offset), timestamp: 0 },
    key: Buffer.from('a'),
    value,
    headers: version === undefined ? [] : [{ name: 'ce_aggregateversion', value: Buffer.from(version) }],
  };
}

function lane(more: Partial<Lane> = {}): Lane {
  return {
    _id: 'notes|a|b',
    topic: 'notes',
    events: [],
    count: 3,
    bytes: 7,
    reason: 'gap',
    parkedAt: new Date(Date.now() - 90_000),
    attempts: 2,
    nextAttemptAt: new Date(0),
    ...more,
  };
}

describe('a lane as operators read it', () => {
  it('names its aggregate where it can be told', () => {
    expect(laneView(lane())).toMatchObject({ id: 'notes|a|b', aggregateId: 'a|b', events: 3, ageSeconds: 90 });
    expect(laneView(lane({ _id: 'notes:0:7' }))).toMatchObject({ aggregateId: null });
  });

  it('is exhausted when it has no next attempt', () => {
    expect(laneView(lane())).toMatchObject({ exhausted: false, nextAttemptAt: '1970-01-01T00:00:00.000Z' });
    expect(laneView(lane({ nextAttemptAt: null }))).toMatchObject({ exhausted: true, nextAttemptAt: null });
  });

  it('shows its events in the order of their turns, bytes that are no text in base64', () => {
    const bom = Buffer.from('\ufeffx');
    const events = [raw(1, Buffer.from([0xff]), '2'), raw(2, null), raw(3, bom, '1')].map(parkedRecord);
    const shown = laneDetail(lane({ events })).events;
    expect(shown.map(({ offset, version }) => [offset, version])).toEqual([
      ['3', 1],
      ['1', 2],
      ['2', null],
    ]);
    expect(Buffer.from(shown[0]?.value ?? '')).toEqual(bom);
    expect(shown[1]).toMatchObject({ key: 'a', keyEncoding: 'text', value: '/w==', valueEncoding: 'base64' });
    expect(shown[2]).toMatchObject({ value: null, valueEncoding: null, headers: [] });
  });

  it('shows the first 1 MiB of its events, and of the others where they are; each of those when it is asked for', () => {
    const events = [1, 2, 3].map((version) => parkedRecord(raw(version, Buffer.alloc(600_000, 1), String(version))));
    const { events: shown } = laneDetail(lane({ events }));
    // six characters for each byte: the first one is shown whatever its length
    expect(shown.map(({ value, omitted }) => [value?.length, omitted])).toEqual([
      [600_000, undefined],
      [undefined, true],
      [undefined, true],
    ]);
    expect(shown[2]).toMatchObject({ position: '0:3', offset: '3', version: 3, key: null, headers: [] });
    const { events: asked } = laneDetail(lane({ events }), '0:3');
    expect(asked).toMatchObject([{ position: '0:3', value: expect.stringMatching(/^.{600000}$/s) }]);
  });

  it.each([
    [0, '1970-01-01T00:00:00.000Z'],
    [-2, '1969-12-31T23:59:59.998Z'],
    [9e15, '9000000000000000'],
    [Number('-9223372036854775808'), '-9223372036854776000'],
  ])('says when a record was written, also at %j, which Kafka takes', (timestamp, said) => {
    const record = parkedRecord({ ...raw(1, null), origin: { ...raw(1, null).origin, timestamp } });
    expect(laneDetail(lane({ events: [record] })).events[0]?.timestamp).toBe(said);
  });
});
