import type { KafkaMessage } from 'kafkajs';
import { noteTopic } from '../../testing/note';
import type { Topic } from '../topic';
import { rawRecord, type Withheld } from './raw-record';
import { decodeRecord, recordVersion } from './record-decoding';

const topic = { ...noteTopic(), name: 'notes' };
const delta = { ...noteTopic('delta'), name: 'notes' };

interface Given {
  key?: Buffer | string | null;
  value?: Buffer | string | null;
  headers?: Record<string, HeaderValue | HeaderValue[]>;
  withheld?: Withheld;
}

type HeaderValue = Buffer | string | null;

function raw({ key = 'n1', value = '{"id":"n1","text":"hello"}', headers = {}, withheld }: Given = {}) {
  const bytes = (each: Buffer | string | null) => (typeof each === 'string' ? Buffer.from(each) : each);
  return rawRecord('notes', 2, {
    key: bytes(key),
    value: bytes(value),
    rawHeaders: Object.entries(headers).flatMap(([name, values]) =>
      [values].flat().map((each) => ({ name, value: bytes(each) })),
    ),
    offset: '7',
    timestamp: '1000',
    ...(withheld && { withheld }),
  } as unknown as KafkaMessage);
}

const decode = (given: Given, of: Topic<unknown> = topic) => decodeRecord(of, raw(given));
const versions = (version: string, previous?: string) => ({
  ce_aggregateversion: Buffer.from(version),
  ...(previous !== undefined && { ce_previousversion: Buffer.from(previous) }),
});

describe('a record', () => {
  it('may begin with a byte order mark, as in a request', () => {
    expect(decode({ value: '\ufeff{"id":"n1","text":"\ufeff"}' }).event?.value).toEqual({ id: 'n1', text: '\ufeff' });
  });

  it.each(['ce_type', 'ce_id', 'ce_aggregateversion', 'ce_previousversion'])(
    'has a fault where %s is not UTF-8',
    (name) => {
      const headers = { ...versions('4', '2'), [name]: Buffer.from([0x61, 0xff]) };
      expect(decode({ headers })).toMatchObject({ fault: `${name} is not UTF-8`, lane: 'notes|n1' });
    },
  );

  it('has a fault where its key is not UTF-8, and waits in the lane of the id in its value', () => {
    expect(decode({ key: Buffer.from([0xff]) })).toMatchObject({ fault: 'the key is not UTF-8', lane: 'notes|n1' });
  });

  it('is taken whatever headers that nobody reads here consist of', () => {
    const bytes = Buffer.from([0xff]);
    expect(decode({ headers: { b3: bytes, traceparent: bytes } }).event).toMatchObject({
      id: 'n1',
      traceparent: undefined,
    });
  });

  it.each(['B5EFD4A0-4EB9-4AD0-BC9E-2F5542CBE897', '6B00FD16738D8201E1471E45'])(
    'of the aggregate %s is one of the same aggregate in lower case',
    (id) => {
      const lower = id.toLowerCase();
      const inValue = decode({ key: null, value: JSON.stringify({ id, text: '' }) });
      const inKey = decode({ key: id, value: null, headers: versions('2') });
      for (const { lane, event } of [inValue, inKey]) expect([lane, event?.id]).toEqual([`notes|${lower}`, lower]);
      expect(decode({ key: id, value: '{' }).lane).toBe(`notes|${lower}`);
    },
  );

  it('is an event with everything its headers say', () => {
    const headers = {
      ...versions('4', '2'),
      ce_type: Buffer.from('note.changed'),
      ce_id: Buffer.from('e1'),
      traceparent: Buffer.from('00-t-s-01'),
    };
    expect(decode({ headers }).event).toEqual({
      id: 'n1',
      value: { id: 'n1', text: 'hello' },
      type: 'note.changed',
      version: 4,
      previousVersion: 2,
      eventId: 'e1',
      traceparent: '00-t-s-01',
      origin: { topic: 'notes', partition: 2, offset: '7', timestamp: 1000 },
    });
  });

  it('needs neither key nor headers when its value names the aggregate', () => {
    const { event, lane, alone } = decode({ key: null });
    expect([event?.id, event?.version, lane, alone]).toEqual(['n1', undefined, 'notes|n1', false]);
  });

  it('belongs to the aggregate in its value, whatever its key says', () => {
    expect(decode({ key: 'n2' })).toMatchObject({ lane: 'notes|n1', event: { id: 'n1' } });
  });

  it('may be a tombstone where the topic allows one, with the key as id', () => {
    expect(decode({ value: null, headers: versions('4') }).event).toMatchObject({ id: 'n1', value: null, version: 4 });
    expect(decode({ value: null })).toMatchObject({ lane: 'notes|n1', fault: 'a deletion needs a version' });
    expect(decode({ value: null }, delta)).toMatchObject({
      lane: 'notes|n1',
      fault: 'a record without a value does not belong on this topic',
    });
  });

  it.each([
    ['broken JSON', '{"id":"n1",', /^the value is not JSON/],
    ['an empty value', '', /^the value is not JSON/],
    ['two byte order marks', '\ufeff\ufeff{"id":"n1","text":""}', /^the value is not JSON/],
    ['the literal null', 'null', /^the value is the JSON literal null/],
    ['a number', '5', /^value: /],
    ['an array', '[]', /^value: /],
    ['a missing field', '{"id":"n1"}', /^text: /],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe]), /^the value is not UTF-8/],
    ['a text that is not UTF-8', Buffer.from('{"id":"n1","text":"caf\xe9"}', 'latin1'), /^text is not UTF-8$/],
    ['half of a character', '{"id":"n1","text":"\\ud800"}', /^text has half of a character/],
    ['half of a character deep in it', '{"id":"n1","a":[{"b":"\\ude00!"}]}', /^a\.0\.b has half of a character/],
    ['JSON nested 100,000 deep', '['.repeat(100_000), /^the value is not JSON/],
  ])('with %s has a fault and waits in the lane of its key', (_, value, fault) => {
    const decoded = decode({ value });
    expect(decoded).toMatchObject({ lane: 'notes|n1', alone: false, fault: expect.stringMatching(fault) as string });
    expect(decoded.event).toBeUndefined();
  });

  it.each([
    ['no key', null, '{"id":'],
    ['a key that is not UTF-8', Buffer.from([0xff]), '{"text":"without id"}'],
    ['an empty key', '', '{"id":""}'],
    ['a key of 257 characters', 'k'.repeat(257), 'x'],
  ])('whose aggregate cannot be told, with %s, stands alone', (_, key, value) => {
    const decoded = decode({ key, value });
    expect(decoded).toMatchObject({ lane: 'notes:2:7', alone: true });
    expect(decoded.event).toBeUndefined();
  });

  it('falls back to its key where the id in the value is none', () => {
    for (const id of ['5', '""', '"\\ud800"', 'null', `"${'x'.repeat(257)}"`]) {
      expect(decode({ value: `{"id":${id},"text":""}` }).lane).toBe('notes|n1');
    }
  });

  it('changes no prototype, however its value is called', () => {
    const { event } = decode({ value: '{"id":"n1","text":"","__proto__":{"polluted":true}}' });
    expect(event?.value).toEqual({ id: 'n1', text: '' });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('of an unknown type has a fault', () => {
    expect(decode({ headers: { ce_type: Buffer.from('note.burnt') } })).toMatchObject({
      fault: 'unknown event type note.burnt',
    });
  });

  it('with a type, a key or text beyond all bounds is not read as text', () => {
    const long = Buffer.alloc(300_000, 'x');
    expect(decode({ headers: { ce_type: long } })).toMatchObject({ fault: 'unknown event type of 300000 bytes' });
    expect(decode({ headers: { ...versions('1'), ce_id: long, traceparent: long } }).event).toMatchObject({
      eventId: undefined,
      traceparent: undefined,
    });
    expect(decode({ headers: { ce_aggregateversion: long } })).toMatchObject({
      fault: 'ce_aggregateversion is not a version',
    });
    expect(decode({ key: long, value: 'x' })).toMatchObject({ alone: true });
  });

  it('of more than 1 MiB is not parsed', () => {
    const value = (bytes: number) => `{"id":"n1","text":"${'x'.repeat(bytes - 22)}"}`.padEnd(bytes);
    expect(decode({ value: value(1024 * 1024) }).event?.id).toBe('n1');
    expect(decode({ value: value(1024 * 1024 + 1) })).toMatchObject({
      lane: 'notes|n1',
      fault: 'the value has 1048577 bytes, at most 1048576 are read',
    });
  });

  it('has a fault of at most 300 characters, whatever it quotes', () => {
    const type = `note.${'x'.repeat(900)}`;
    const { fault } = decode({ headers: { ce_type: Buffer.from(type) } }) as { fault: string };
    expect(fault).toBe(`unknown event type ${type.slice(0, 280)}…`);
    expect(fault).toHaveLength(300);
  });

  it('that is withheld waits in the lane of its key, or alone, with the reason as its fault', () => {
    const withheld = { reason: 'too large', sizeBytes: 9, sha256: 'ab' };
    const of = (key: string | null) => decode({ key, value: null, withheld });
    expect(of('n1')).toEqual({
      raw: raw({ value: null, withheld }),
      lane: 'notes|n1',
      alone: false,
      fault: 'too large',
    });
    expect(of(null)).toMatchObject({ lane: 'notes:2:7', alone: true, fault: 'too large', raw: { withheld } });
  });

  it.each([
    '-1',
    '0',
    '1.5',
    '+1',
    ' 1',
    '1e3',
    '0x10',
    '',
    '01',
    '1000000000000000',
    '9007199254740991',
    '9223372036854775807',
    'NaN',
  ])('with version %j has a fault', (version) => {
    expect(decode({ headers: versions(version) })).toMatchObject({ fault: 'ce_aggregateversion is not a version' });
  });

  it('takes versions of 15 digits: an owner can still count on above any of them', () => {
    expect(decode({ headers: versions('999999999999999', '0') }).event?.version).toBe(999_999_999_999_999);
  });

  it.each(['3', '4', '-1', 'x'])('at version 3 with previous version %s has a fault', (previous) => {
    expect(decode({ headers: versions('3', previous) })).toMatchObject({
      fault: 'ce_previousversion is not an earlier version',
    });
  });

  it('on a delta topic must say which version came before, if it has one', () => {
    expect(decode({ headers: versions('3') }, delta)).toMatchObject({ fault: 'ce_previousversion is missing' });
    expect(decode({ headers: versions('3', '0') }, delta).event?.previousVersion).toBe(0);
    expect(decode({}, delta).event?.version).toBeUndefined();
  });

  it.each(['ce_type', 'ce_id', 'ce_aggregateversion', 'ce_previousversion', 'ce_subject'])(
    'has a fault where %s is there with two values',
    (name) => {
      const headers = { ...versions('4', '2'), ce_subject: 'n1', ce_type: 'note.changed', ce_id: 'e1' };
      const [value = ''] = [headers[name as keyof typeof headers]];
      expect(decode({ headers: { ...headers, [name]: [value, value] } }).event).toMatchObject({ id: 'n1', version: 4 });
      for (const twice of [
        [value, '9'],
        [value, null],
        [null, value],
      ]) {
        const { raw: _record, ...decoded } = decode({ headers: { ...headers, [name]: twice } });
        const parked = { lane: 'notes|n1', fault: `${name} is there twice, with two values` };
        expect(decoded).toEqual({ ...parked, alone: false });
      }
    },
  );

  it('has no version where it has two: it is not passed over as an old one', () => {
    const record = raw({ headers: { ce_aggregateversion: ['4', '9'] } });
    expect(recordVersion(record.headers)).toBeNull();
    expect(recordVersion(raw({ headers: { ce_aggregateversion: ['4', '4'] } }).headers)).toBe(4);
  });

  it.each([
    ['the id in the value', { key: 'n2', value: '{"id":"n1","text":""}' }, 'n2', 'n2 is not the id in the value, n1'],
    ['the key', { key: 'n2', value: '{"id":"n1","text":""}' }, 'n1', 'n1 is not the key, n2'],
    ['both', { key: 'n1' }, 'n3', 'n3 is not the id in the value, n1'],
    ['the key of a deletion', { key: 'n1', value: null }, 'n3', 'n3 is not the key, n1'],
    ['the key of what is broken', { key: 'n1', value: '{' }, 'n3', 'n3 is not the key, n1'],
    ['the id, being empty', { key: null }, '', ' is not the id in the value, n1'],
    ['the id, being too long', { key: null }, 'x'.repeat(1_025), '(unreadable) is not the id in the value, n1'],
    ['the id, being long', { key: null }, 'x'.repeat(200), `${'x'.repeat(100)}… is not the id in the value, n1`],
  ])('whose ce_subject contradicts %s stands alone, and names both', (_, given, subject, fault) => {
    for (const ours of [versions('4', '2'), { ce_type: 'note.changed' }]) {
      const { raw: _record, ...decoded } = decode({ ...given, headers: { ...ours, ce_subject: subject } });
      expect(decoded).toEqual({ lane: 'notes:2:7', alone: true, fault: `ce_subject ${fault}` });
    }
  });

  it('names its aggregate in either case, and may name another one where its producer is not of this system', () => {
    const id = 'b5efd4a0-4eb9-4ad0-bc9e-2f5542cbe897';
    const value = JSON.stringify({ id, text: '' });
    expect(decode({ key: id, value, headers: { ...versions('4'), ce_subject: id.toUpperCase() } }).event?.id).toBe(id);
    expect(decode({ headers: { ce_subject: '/notes/n1' } }).event?.id).toBe('n1');
  });

  it('keeps every header, twice the same name and without a value too', () => {
    const headers = { ce_aggregateversion: [Buffer.from('3'), Buffer.from('3')], empty: null, mixed: [null, 'x'] };
    const record = raw({ headers });
    expect(record.headers).toEqual([
      { name: 'ce_aggregateversion', value: Buffer.from('3') },
      { name: 'ce_aggregateversion', value: Buffer.from('3') },
      { name: 'empty', value: null },
      { name: 'mixed', value: null },
      { name: 'mixed', value: Buffer.from('x') },
    ]);
    expect(decodeRecord(topic, record).event?.version).toBe(3);
    expect(decode({ headers: { ce_aggregateversion: null } }).event?.version).toBeUndefined();
  });

  it('is told as a fault, not thrown, when the topic itself throws', () => {
    const broken: Topic<unknown> = {
      ...topic,
      aggregateId: () => {
        throw new TypeError('no id');
      },
      schema: {
        safeParse: () => {
          throw new RangeError('too deep');
        },
      },
    };
    expect(decode({}, broken)).toMatchObject({
      lane: 'notes|n1',
      fault: 'the value cannot be checked: too deep',
    });
  });
});
