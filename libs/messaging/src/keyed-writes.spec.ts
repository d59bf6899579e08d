import type { AggregateDocument } from './document';
import { KeyReused, TooManyKeys } from './failures';
import {
  hexIdOf,
  KEEP_KEYS_AT_LEAST_MS,
  KEEP_KEYS_MS,
  type KeyedRequest,
  keysAfter,
  MAX_KEYS,
  remembered,
  uuidOf,
} from './keyed-writes';

function request(name: string, body = 'body'): KeyedRequest {
  return { key: Buffer.from(name).toString('hex').padEnd(64, '0'), fingerprint: body.padEnd(64, '0') };
}

function holding(...idempotency: AggregateDocument['idempotency'] & object): AggregateDocument {
  return { _id: 'n1', version: 7, idempotency };
}

const [first] = keysAfter(undefined, request('first'), 'note');
const entry = first ?? { key: '', fingerprint: '', at: 0, version: 0, note: '' };

describe('the keys of an aggregate', () => {
  it('tell a request that came before, with the version it led to', () => {
    const document = holding(...keysAfter(holding(entry), request('second'), { events: 2 }));
    expect(remembered(document, request('first'))).toMatchObject({ version: 1, note: 'note' });
    expect(remembered(document, request('second'))).toMatchObject({ version: 8, note: { events: 2 } });
    expect(remembered(document, request('third'))).toBeUndefined();
    expect(remembered(undefined, request('first'))).toBeUndefined();
  });

  it('refuse one that says something else now', () => {
    expect(() => remembered(holding(entry), request('first', 'other'))).toThrow(KeyReused);
  });

  it('stay for 24 hours at least, the one it was created by for ever', () => {
    const old = { ...entry, at: Date.now() - KEEP_KEYS_MS - 1_000 };
    const young = { ...entry, key: 'young', version: 3, at: Date.now() - 24 * 60 * 60 * 1000 };
    const kept = keysAfter(holding(old, { ...old, key: 'old', version: 2 }, young), request('new'), null);
    expect(kept.map(({ version }) => version)).toEqual([1, 3, 8]);
  });

  const aged = (count: number, ageMs: number, from = 0) =>
    Array.from({ length: count }, (_, index) => {
      const at = Date.now() - ageMs + index;
      return { ...entry, key: `k${from + index}`, version: 2 + from + index, at };
    });

  it('are so many and no more: the oldest makes room, and the one it was created by stays', () => {
    const many = [entry, ...aged(MAX_KEYS - 1, KEEP_KEYS_AT_LEAST_MS + 1_000)];
    const kept = keysAfter(holding(...many.slice(0, -1)), request('new'), null);
    expect(kept).toHaveLength(MAX_KEYS);
    const next = keysAfter(holding(...many), request('new'), null);
    expect(next.map(({ version }) => version)).toEqual([1, ...many.slice(2).map(({ version }) => version), 8]);
  });

  it('are never forgotten while the request may come again: then a new one has to wait, for minutes', () => {
    const refused = (ageMs: number) => () => keysAfter(holding(...aged(MAX_KEYS, ageMs)), request('new'), null);
    expect(refused(60_000)).toThrow(TooManyKeys);
    expect(refused(60_000)).toThrow(expect.objectContaining({ retryAfterSeconds: 14 * 60 }) as Error);
    expect(refused(KEEP_KEYS_AT_LEAST_MS - 1_000)).toThrow(expect.objectContaining({ retryAfterSeconds: 1 }) as Error);
    expect(refused(KEEP_KEYS_AT_LEAST_MS + 1_000)).not.toThrow();
  });

  it('make room for as many as are too many, in a document that has more than may be', () => {
    const old = aged(MAX_KEYS + 10, KEEP_KEYS_AT_LEAST_MS + 60_000);
    expect(keysAfter(holding(...old), request('new'), null)).toHaveLength(MAX_KEYS);
  });
});

describe('the id of what a request creates', () => {
  const some: KeyedRequest = { key: '0123456789abcdef0123456789abcdef'.repeat(2), fingerprint: '' };

  it('is of 24 hexadecimal digits, or a UUID of version 8', () => {
    expect(hexIdOf(some)).toBe('0123456789abcdef01234567');
    expect(uuidOf(some)).toBe('01234567-89ab-8def-8123-456789abcdef');
    expect(uuidOf({ ...some, key: 'f'.repeat(64) })).toBe('ffffffff-ffff-8fff-bfff-ffffffffffff');
  });
});
