import type { AggregateDocument } from './document';
import { KeyReused, TooManyKeys } from './failures';
import { hexIdOf, KEEP_KEYS_MS, type KeyedRequest, keysAfter, MAX_KEYS, remembered, uuidOf } from './keyed-writes';

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

  it('are so many and no more: then a new one has to wait for the oldest to go', () => {
    const many = (count: number) =>
      Array.from({ length: count }, () => ({ ...entry, version: 2, at: Date.now() - 1000 }));
    expect(keysAfter(holding(...many(MAX_KEYS - 1)), request('new'), null)).toHaveLength(MAX_KEYS);
    const refused = () => keysAfter(holding(...many(MAX_KEYS)), request('new'), null);
    expect(refused).toThrow(TooManyKeys);
    const almostAll = expect.closeTo(KEEP_KEYS_MS / 1000, -2) as number;
    expect(refused).toThrow(expect.objectContaining({ retryAfterSeconds: almostAll }) as Error);
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
