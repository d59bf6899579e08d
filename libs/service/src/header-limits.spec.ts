import Fastify, { type FastifyInstance } from 'fastify';
import { limitHeaders } from './header-limits';

let server: FastifyInstance;

beforeAll(async () => {
  server = Fastify();
  limitHeaders(server);
  server.get('/', async () => 'done');
  await server.ready();
});

afterAll(() => server.close());

async function get(headers: Record<string, string>) {
  const { statusCode, json, body } = await server.inject({ url: '/', headers });
  return { status: statusCode, message: statusCode === 200 ? body : json<{ message: string }>().message };
}

const members = (count: number) => Array.from({ length: count }, (_, index) => `text/type${index}`).join(',');
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, '1']));

it.each([
  ['a list of 50', { accept: members(50) }],
  ['a long list of short members', { accept: '*/*,'.repeat(40) }],
  ['a long header that nothing reads', { cookie: 'a,'.repeat(4_000) }],
  ['90 headers', many(90)],
])('%s is fine', async (_, headers) => {
  expect(await get(headers)).toEqual({ status: 200, message: 'done' });
});

it.each([
  ['accept', members(51), '50 members'],
  ['if-none-match', '"1",'.repeat(3_000), '50 members'],
  ['x-forwarded-for', '10.0.0.1, '.repeat(60), '50 members'],
  ['content-type', `a/b;${'x=y;'.repeat(70)}`, '256 characters'],
  ['x-forwarded-prefix', `${'/'.repeat(1_100)}x`, '1024 characters'],
])('too much in %s is 431, which names it', async (name, value, limit) => {
  const { status, message } = await get({ [name]: value });
  expect([status, message]).toEqual([431, `The header ${name} may have ${limit} at most.`]);
});

it('more than 100 headers are 431', async () => {
  expect(await get(many(101))).toEqual({ status: 431, message: 'A request may have 100 headers at most.' });
});
