import { gzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { failureOf } from './failure';
import { readJsonBodies } from './json-bodies';

let server: FastifyInstance;

beforeAll(async () => {
  server = Fastify();
  readJsonBodies(server);
  server.setErrorHandler((error, _request, reply) => {
    const failure = failureOf(error);
    return reply.code(failure.status).send(failure);
  });
  server.post('/', ({ body }, reply) => reply.send(body === undefined ? { nothing: true } : { body }));
  await server.ready();
});

afterAll(() => server.close());

async function post(body: string | Buffer, headers: Record<string, string> = {}) {
  const sent = { 'content-type': 'application/json', ...headers };
  const { statusCode, body: answer } = await server.inject({ method: 'POST', url: '/', headers: sent, payload: body });
  return { status: statusCode, answer };
}

const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('a body', () => {
  it.each([
    ['{"a":1}', {}],
    ['\ufeff{"a":1}', {}],
    ['{"a":1}', { 'content-type': '' }],
    ['{"a":1}', { 'content-type': 'application/json; charset="UTF-8"' }],
    ['{"a":1}', { 'content-type': 'application/hal+json;charset=us-ascii' }],
    ['{"a":1}', { 'content-encoding': 'identity' }],
  ])('%j with %j is read', async (text, headers) => {
    expect(await post(text, headers)).toEqual({ status: 200, answer: '{"body":{"a":1}}' });
  });

  it('may be empty', async () => {
    expect(await post('')).toEqual({ status: 200, answer: '{"nothing":true}' });
  });

  it.each([
    ['compressed', gzipSync('{"a":1}'), { 'content-encoding': 'gzip' }],
    ['said to be compressed', '{"a":1}', { 'content-encoding': 'deflate' }],
    ['in another character set', '{"a":1}', { 'content-type': 'application/json; charset=ISO-8859-1' }],
    ['of another type', '{"a":1}', { 'content-type': 'text/plain' }],
  ])('%s is not taken', async (_, body, headers) => {
    expect(await post(body, headers)).toMatchObject({ status: 415 });
  });

  it.each([
    ['bytes that are no UTF-8', Buffer.from('{"a":"Zo\xeb"}', 'latin1'), '"field":"a","message":"is not UTF-8"'],
    ['bytes that are no UTF-8 in no text', Buffer.from([0x7b, 0xff, 0x7d]), 'the body is not UTF-8'],
    ['half of a character', String.raw`{"a":["\ud83d"]}`, '"field":"a[0]","message":"has half of a character'],
    ['half of a character as a name', String.raw`{"\uDE00":1}`, 'half of a character'],
    ['more levels than anybody needs', deep(501), 'more than 500 levels'],
    ['ever more levels', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'more than 500 levels'],
    ['more values than anybody needs', `{"a":[${'{},'.repeat(9_998)}{}]}`, 'more than 10000 values'],
    ['ever more values', `{"a":[${'{},'.repeat(87_000)}{}]}`, 'more than 10000 values'],
    [
      'ever more members',
      `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":0`).join()}}`,
      'more than 10000 values',
    ],
    ['no JSON', '{"a":', 'not valid JSON'],
  ])('of %s is refused', async (_, body, reason) => {
    const { status, answer } = await post(body);
    expect([status, answer]).toEqual([400, expect.stringContaining(reason)]);
  });

  it.each([
    ['as many levels as may be', deep(500)],
    ['as many values as may be', `{"a":[${'{},'.repeat(9_997)}{}]}`],
    ['whole characters', String.raw`{"a":"\ud83d\ude00 \\ud83d"}`],
  ])('of %s is taken', async (_, text) => {
    expect(await post(text)).toEqual({ status: 200, answer: JSON.stringify({ body: JSON.parse(text) as object }) });
  });
});
