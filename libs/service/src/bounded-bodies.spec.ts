import { Readable } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import { boundBodies, TooManyBodies } from './bounded-bodies';

let server: FastifyInstance;
let answers: (() => void)[];

async function start(maxHeldBytes: number): Promise<void> {
  answers = [];
  server = Fastify({ bodyLimit: 10_000 });
  server.setErrorHandler((error, _request, reply) =>
    error instanceof TooManyBodies ? reply.code(503).send('busy') : reply.send(error),
  );
  boundBodies(server, { maxHeldBytes, shareOf: ({ routeOptions: { url = '' } }) => url });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.post('/echo', async ({ body }) => body);
  for (const path of ['/held', '/other'])
    server.post(path, (_request, reply) => void answers.push(() => void reply.send('done')));
  await server.ready();
}

afterEach(() => server.close());

function post(url: string, payload: Buffer | Readable | string, headers: Record<string, string> = {}) {
  return server.inject({ method: 'POST', url, payload, headers: { 'content-type': 'a/b', ...headers } });
}

const pieces = (count: number, bytes: number) =>
  Readable.from(Array.from({ length: count }, () => Buffer.alloc(bytes, 7)));
const held = (count: number) =>
  new Promise<void>((resolve) => {
    const look = (): void => void (answers.length === count ? resolve() : setImmediate(look));
    look();
  });

it.each([
  ['in one piece', () => Buffer.alloc(10_000, 7), 10_000],
  ['in pieces of one byte', () => pieces(5_000, 1), 5_000],
  ['in pieces that grow the buffer', () => pieces(10, 1_000), 10_000],
  ['that is empty', () => '', 0],
])('a body %s arrives as it is', async (_, payload, bytes) => {
  await start(100_000);
  const { statusCode, rawPayload } = await post('/echo', payload());
  expect([statusCode, rawPayload.equals(Buffer.alloc(bytes, 7))]).toEqual([200, true]);
});

it.each([
  ['announced', Buffer.alloc(10_001), {}],
  ['sent', pieces(11, 1_000), {}],
])('a body of which too much is %s is 413, and its connection closed', async (_, payload, headers) => {
  await start(100_000);
  const { statusCode, headers: answered } = await post('/echo', payload, headers);
  expect([statusCode, answered.connection]).toEqual([413, 'close']);
});

it('a body that is shorter than announced is 400', async () => {
  await start(100_000);
  const { statusCode } = await post('/echo', pieces(1, 10), { 'content-length': '20' });
  expect(statusCode).toBe(400);
});

it('bodies that are held leave no room for more of their share until they are answered', async () => {
  await start(20_000);
  const both = [post('/held', Buffer.alloc(10_000)), post('/held', Buffer.alloc(9_000))];
  await held(2);
  expect(await post('/held', Buffer.alloc(2_000))).toMatchObject({ statusCode: 503, body: 'busy' });
  const elsewhere = post('/other', Buffer.alloc(2_000));
  await held(3);
  for (const answer of answers) answer();
  for (const { statusCode } of await Promise.all([...both, elsewhere])) expect(statusCode).toBe(200);
  const again = post('/held', Buffer.alloc(10_000));
  await held(4);
  answers[3]?.();
  expect(await again).toMatchObject({ statusCode: 200 });
});
