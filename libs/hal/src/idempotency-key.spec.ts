import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { any, problems, WidgetsApp } from '../test/widgets-app';
import { IdempotencyKey, keyedRequest } from './idempotency-key';

interface Sent {
  header?: string;
  body?: unknown;
  route?: string;
  params?: Record<string, string>;
  principal?: string;
  schema?: z.ZodType;
}

function keyed(sent: Sent = {}) {
  const { header = 'k', body, route = '/orders/:guid/approve', params = { guid: '1' }, principal, schema } = sent;
  const headers = { 'idempotency-key': header };
  const request = {
    headers,
    body,
    params,
    method: 'POST',
    routeOptions: { url: route },
    ...(principal && { principal }),
  };
  return keyedRequest(request as unknown as FastifyRequest, schema);
}

describe('a request with an Idempotency-Key', () => {
  it('is none without one', () => {
    const request = { headers: {}, routeOptions: {} } as FastifyRequest;
    expect(keyedRequest(request)).toBeUndefined();
  });

  it('is the same one whatever the order of the members and the space between them', () => {
    const one = keyed({ body: JSON.parse('{"a":{"x":1,"y":[{"b":1,"c":2}]},"b":null}') as unknown });
    const other = keyed({ body: JSON.parse('{ "b": null, "a": {"y":[{"c":2,"b":1}], "x":1} }') as unknown });
    expect(one).toEqual(other);
    expect(one?.key).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['other body', { a: 1 }, { a: 2 }],
    ['more in the body', { a: 1 }, { a: 1, b: undefined, c: null }],
    ['other order of a list', { a: [1, 2] }, { a: [2, 1] }],
    ['other type', { a: 1 }, { a: '1' }],
    ['no body', {}, undefined],
    ['a member named as a prototype', {}, JSON.parse('{"__proto__":1}') as unknown],
  ])('says something else with %s', (_, body, otherBody) => {
    const [one, other] = [keyed({ body }), keyed({ body: otherBody })];
    expect(other?.key).toBe(one?.key);
    expect(other?.fingerprint).not.toBe(one?.fingerprint);
  });

  it('says the same in two bodies that its operation reads alike', () => {
    const schema = z.object({ id: z.string().toLowerCase(), note: z.string().nullable().default(null) });
    const one = keyed({ body: { id: 'B5', note: null }, schema });
    expect(keyed({ body: { id: 'b5' }, schema })).toEqual(one);
    expect(keyed({ body: { id: 'b6' }, schema })?.fingerprint).not.toBe(one?.fingerprint);
    expect(keyed({ body: { id: 5 }, schema })?.fingerprint).toBe(keyed({ body: { id: 5 } })?.fingerprint);
  });

  it('has of a card number only the last four digits in its fingerprint: the others could be found by trying', () => {
    const numbered = (number: string) => keyed({ body: { creditCards: [{ number }] } })?.fingerprint;
    expect(numbered('4111-1111-1111-1111')).toBe(numbered('4222 2222 2222 1111'));
    expect(numbered('4111111111111111')).toBe(numbered('4111-1111-1111-1111'));
    expect(numbered('4111111111111111')).not.toBe(numbered('4111111111112222'));
    expect(numbered('411111111111')).not.toBe(numbered('422222221111'));
  });

  it.each<[string, Sent]>([
    ['key', { header: 'l' }],
    ['route', { route: '/orders/:guid/cancel' }],
    ['resource', { params: { guid: '2' } }],
    ['principal', { principal: 'ada' }],
  ])('is another one under another %s', (_, sent) => {
    expect(keyed(sent)?.key).not.toBe(keyed()?.key);
  });

  it.each([
    ['"k"', 'k'],
    [' k ', 'k'],
    [String.raw`"k\"\\"`, String.raw`"k\"\\"`],
    [`"${'x'.repeat(255)}"`, 'x'.repeat(255)],
    ['"with space"', '"with space"'],
  ])('takes the key quoted or not: %s', (header, same) => {
    expect(keyed({ header })?.key).toBe(keyed({ header: same })?.key);
  });

  it.each(['', '  ', '""', 'x'.repeat(256), `"${'x'.repeat(256)}"`, '"open', 'a, b', '"a", "b"', 'ä', 'a b', '"a";p'])(
    'cannot be told with the key %j',
    (header) => {
      expect(() => keyed({ header })).toThrow(/^Idempotency-Key: must/);
    },
  );

  it('cannot be told when its body is nested too deeply', () => {
    const body = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown;
    expect(() => keyed({ body })).toThrow('nested too deeply');
  });
});

describe('an operation that takes an Idempotency-Key', () => {
  it('says so in the OpenAPI document', () => {
    class Widgets {
      paint(_request?: unknown): void {}
    }
    IdempotencyKey()(Widgets.prototype, 'paint', 0);
    const parameters: unknown = Reflect.getMetadata('swagger/apiParameters', Widgets.prototype.paint);
    expect(parameters).toMatchObject([{ name: 'Idempotency-Key', in: 'header', required: false }]);
  });

  it('answers a key that is none with problem details, whatever Accept says', async () => {
    const app = await WidgetsApp.create();
    try {
      for (const headers of [any, problems]) {
        const answer = await app.ask('POST', '/widgets', { ...headers, 'idempotency-key': '""' }, { name: 'x' });
        expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/problem+json']);
        expect(answer.json).toMatchObject({ status: 400, errors: [{ field: 'Idempotency-Key' }] });
      }
    } finally {
      await app.close();
    }
  });
});
