import { differences } from './comparison';
import { surprises } from './expectations';
import { Identities } from './identities';

const urls = { accounts: 'http://a:1', orders: 'http://o:2', fulfillment: 'http://f:3' };
const theirId = '6b00fd16738d8201e1471e45';
const ourId = '5f5f5f5f5f5f5f5f5f5f5f5f';
const recordedBody = {
  name: { first: 'Ada', middle: null },
  sizes: [1],
  _links: { self: { href: `http://127.0.0.1:8085/customers/${theirId}` } },
};
const recorded = {
  status: 200,
  headers: { 'content-type': 'application/json', allow: 'GET,PUT', date: 'yesterday' },
  body: JSON.stringify(recordedBody),
};

function told(change: { status?: number; headers?: object; body?: unknown }): string[] {
  const identities = new Identities(urls);
  identities.learn(theirId, ourId);
  const body = {
    ...recordedBody,
    name: { first: 'George', middle: 'G.' },
    sizes: [3, 4],
    _links: { self: { href: `http://a:1/customers/${ourId}` } },
    ...(change.body as object),
  };
  const text = typeof change.body === 'string' ? change.body : JSON.stringify(body);
  const headers = { 'content-type': 'application/json', allow: 'PUT, GET', date: 'today', ...change.headers };
  return differences(recorded, { status: change.status ?? 200, headers, body: text }, identities);
}

describe('an answer', () => {
  it('is as recorded with other values, other hosts and other ids', () => {
    expect(told({})).toEqual([]);
  });

  it.each([
    [{ status: 404 }, ['status: 200 → 404']],
    [{ headers: { allow: 'GET' } }, ['header allow: GET, PUT → GET']],
    [{ headers: { etag: '"1"' } }, ['header etag: none → some']],
    [{ headers: { 'content-type': 'text/plain' } }, ['header content-type: application/json → text/plain']],
    [{ body: '' }, ['body: JSON → none']],
    [{ body: '{\n  "a" : 1\n}' }, ['body: JSON → pretty JSON']],
    [{ body: { name: { first: 5, middle: null } } }, ['body.name.first: string → number']],
    [{ body: { name: null } }, ['body.name: object → null']],
    [{ body: { name: { middle: null, first: 'Ada' } } }, ['body.name: other order']],
    [{ body: { extra: 1 } }, ['body.extra: none → number']],
    [{ body: { sizes: [] } }, ['body.sizes: not empty → empty']],
    [{ body: { sizes: ['x'] } }, ['body.sizes[]: number → string']],
    [{ body: { _links: { self: { href: 'http://a:1/other' } } } }, ['body._links.self.href: another value']],
  ])('with %j is not as recorded', (change, lines) => {
    expect(told(change)).toEqual(lines);
  });
});

describe('what is on purpose', () => {
  const observed = new Map([
    ['a/one', ['status: 200 → 404']],
    ['a/two', ['body.x: none → string', 'body.y: none → string']],
    ['a/same', []],
  ]);

  it('is told exactly', () => {
    const one = { requests: ['a/one'], lines: ['status: 200 → 404'] };
    expect(surprises(observed, { both: [one, { requests: ['a/two'], lines: ['body…'] }] })).toEqual([]);
    expect(surprises(observed, { one: [one] })).toEqual([
      'a/two: not on purpose: body.x: none → string',
      'a/two: not on purpose: body.y: none → string',
    ]);
    const gone = { requests: ['a/same', 'a/none'], lines: ['body…'] };
    expect(surprises(observed, { one: [one, { requests: ['a/two'], lines: ['body…'] }], gone: [gone] })).toEqual([
      'a/none: no such request',
      'a/same: no longer: body…',
    ]);
  });
});
