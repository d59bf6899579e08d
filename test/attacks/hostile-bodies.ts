import type { ServiceName } from '../../scripts/system-settings';
import type { Hostile } from './attacker';

/** What a request may bring. */
const MAX_BYTES = 256 * 1_024;
const json = { 'content-type': 'application/json' };
const patch = { 'content-type': 'application/json-patch+json' };
const merge = { 'content-type': 'application/merge-patch+json' };

/** The text between a head and a tail that make it JSON, as often as fits. */
function full(head: string, piece: string, tail: string): string {
  const room = MAX_BYTES - head.length - tail.length - piece.length;
  const pieces = Array.from({ length: Math.floor(room / (piece.length + 1)) + 1 }, () => piece);
  return `${head}${pieces.join(',')}${tail}`;
}

const named =
  '"name":{"title":"Ms.","firstName":"Ada","lastName":"L"},"contact":{"primaryPhone":"1","email":"a@example.org"}';
const manyKeys = `{${Array.from({ length: 20_000 }, (_, index) => `"k${index}":{}`).join(',')}}`;

/** Bodies of 256 KiB that are many elements, many keys, deep, or long, for every way to write something. */
const wrongs: readonly (readonly [kind: string, body: string])[] = [
  ['empty addresses', full(`{${named},"addresses":[`, '{}', ']}')],
  ['empty cards', full(`{${named},"addresses":[],"creditCards":[`, '{}', ']}')],
  ['empty items', full('{"items":[', '{}', ']}')],
  ['wrong items', full('{"items":[', '{"product":"x","quantity":0}', ']}')],
  ['many keys', manyKeys],
  ['nested lists', `${'['.repeat(MAX_BYTES / 2)}${']'.repeat(MAX_BYTES / 2)}`],
  ['nested objects', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`],
  ['a long text', `{${named},"addresses":[],"id":"${'x'.repeat(MAX_BYTES - 500)}"}`],
  ['a long note', `{"note":"${'n'.repeat(MAX_BYTES - 500)}","shippingMethod":"${'s'.repeat(100)}"}`],
  [
    'prototypes',
    full('{"__proto__":{"a":1},"constructor":{"prototype":{"a":1}},"addresses":[', '{"__proto__":1}', ']}'),
  ],
  ['no JSON', full('{"a":[', '{}', '')],
  ['numbers', full('[', '1e999', ']')],
];

/** Every command of the services that reads a body; `existing` is a customer that is there. */
export function hostileBodies(service: ServiceName, existing: string): Hostile[] {
  const of = (method: string, path: string, headers: Record<string, string>) =>
    wrongs.map(([, body]): Hostile => ({ method, path, headers, body }));
  const accounts = [
    ...of('POST', '/customers', json),
    ...of('PUT', `/customers/${existing}`, json),
    ...of('PATCH', `/customers/${existing}`, merge),
    ...of('PATCH', `/customers/${existing}`, json),
    ...of('PATCH', `/customers/${existing}`, patch),
    ...hostilePatches.map((body): Hostile => ({
      method: 'PATCH',
      path: `/customers/${existing}`,
      headers: patch,
      body,
    })),
  ];
  const orders = [
    ...of('POST', `/customers/${existing}/orders`, json),
    ...of('POST', '/orders/5f5f5f5f-5f5f-4f5f-8f5f-5f5f5f5f5f5f/approve', json),
  ];
  const fulfillment = of('POST', '/fulfillments/5f5f5f5f-5f5f-4f5f-8f5f-5f5f5f5f5f5f/ship', json);
  const under = (name: string, all: readonly Hostile[]) => all.map((one) => ({ ...one, path: `/${name}${one.path}` }));
  const gateway = [...under('accounts', accounts), ...under('orders', orders), ...under('fulfillment', fulfillment)];
  return { accounts, orders, fulfillment, gateway }[service];
}

const copies = (count: number, copy: (index: number) => object) =>
  JSON.stringify(Array.from({ length: count }, (_, index) => copy(index)));

/** JSON Patches that grow what they patch, or that are long where they should name a place. */
const hostilePatches: readonly string[] = [
  copies(30, (index) => ({ op: 'copy', from: '', path: `/copy${index}` })),
  copies(30, () => ({ op: 'copy', from: '/addresses', path: '/addresses/-' })),
  copies(3_000, () => ({ op: 'copy', from: '/addresses/0', path: '/addresses/-' })),
  copies(5_000, (index) => ({ op: 'test', path: `/name/x${index}`, value: 1 })),
  JSON.stringify([{ op: 'replace', path: `/${'a/'.repeat(MAX_BYTES / 2 - 100)}`, value: 1 }]),
  JSON.stringify([{ op: 'x'.repeat(MAX_BYTES - 100), path: '/name' }]),
  JSON.stringify([{ op: 'add', path: '/__proto__/polluted', value: true }]),
  JSON.stringify([{ op: 'move', from: '/name', path: '/name/firstName/x' }]),
];
