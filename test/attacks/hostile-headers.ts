import type { ServiceName } from '../../scripts/system-settings';
import { hostileQueries, hostileSegments } from '../hostile/hostile-targets';
import type { Hostile } from './attacker';

/** What is left of the 16 KiB that Node lets all headers have. */
const LONG = 15_000;

const readable: Readonly<Record<ServiceName, string>> = {
  accounts: '/customers?size=1',
  orders: '/products?size=1',
  fulfillment: '/fulfillments?size=1',
  gateway: '/accounts/customers?size=1',
};

const fill = (piece: string, index: number, end: string) => {
  const last = `${end}${String(index).padStart(4, '0')}`;
  return `${piece.repeat(Math.floor((LONG - last.length) / piece.length))}${last}`;
};

/** Headers of 15 KB, of which no two are alike: whatever is remembered of them is remembered `count` times. */
export function hostileHeaders(service: ServiceName, count: number): Hostile[] {
  const path = readable[service];
  const kinds: ((index: number) => Hostile)[] = [
    (index) => get(path, { accept: fill('a,', index, '*/*;q=0.') }),
    (index) => get('/actuator/health', { accept: fill('a/b;c=d,', index, '*/*;q=0.') }),
    (index) => get(path, { 'if-none-match': fill('"1",', index, '"x') }),
    (index) => get(path, { 'x-forwarded-for': fill('10.0.0.1,', index, '10.0.0.'), 'x-forwarded-host': `h${index}` }),
    (index) => get(path, { traceparent: fill('0', index, '-'), tracestate: `a=${index}` }),
    (index) => get(path, { prefer: fill('wait=1,', index, 'x=') }),
    (index) => get(path, { 'accept-encoding': fill('gzip,', index, 'x') }),
    (index) => get(path, { 'accept-language': fill('de,', index, 'x'), cookie: `a=${index}` }),
    (index) => get(`${path}&${fill('a=b&', index, 'c=')}`, {}),
    (index) => get(`/${fill('a/', index, '')}`, {}),
    (index) => post(path.split('?')[0] ?? '', { 'content-type': fill('a;', index, 'application/') }),
    (index) => post(path.split('?')[0] ?? '', { 'idempotency-key': fill('k', index, '') }),
  ];
  return Array.from({ length: count }, (_, index) => kinds.map((kind) => kind(index))).flat();
}

/** So many requests that want only their `Accept` parsed: the first kind of them alone. */
export function hostileAccepts(service: ServiceName, count: number): Hostile[] {
  return Array.from({ length: count }, (_, index) => get(readable[service], { accept: fill('a,', index, '*/*;q=0.') }));
}

/** Wrong passwords, all different. */
export function wrongPasswords(service: ServiceName, count: number): Hostile[] {
  const path = service === 'gateway' ? '/actuator/reconcile' : '/actuator/env';
  const credentials = (index: number) => Buffer.from(`admin:guess-${index}`).toString('base64');
  return Array.from({ length: count }, (_, index) => get(path, { authorization: `Basic ${credentials(index)}` }));
}

const collections: Readonly<Record<ServiceName, readonly string[]>> = {
  accounts: ['/customers'],
  orders: ['/customerOrderses', '/orders'],
  fulfillment: ['/fulfillments'],
  gateway: ['', '/accounts', '/accounts/customers', '/orders/orders', '/fulfillment/fulfillments'],
};

/** Paths and queries that no client means, and that lead out of where they begin. */
export function hostilePaths(service: ServiceName): Hostile[] {
  const of = (path: string) => [
    ...hostileSegments.map((segment) => `${path}/${segment}`),
    ...hostileQueries.map((query) => `${path || '/'}?${query}`),
  ];
  // what cannot be sent as a request line, the attacker's own client refuses
  return ['', ...collections[service]].flatMap(of).flatMap((path) => (isSendable(path) ? [get(path, {})] : []));
}

const isSendable = (path: string) => /^[\x21-\xff]+$/.test(path) && path.length < LONG;

const get = (path: string, headers: Record<string, string>): Hostile => ({ method: 'GET', path, headers });
const post = (path: string, headers: Record<string, string>): Hostile => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json', ...headers },
  body: '{}',
});

/** Readers of Orders, or of the gateway's Orders, who wait as long as they may for what nobody has written. */
export function waiters(service: 'orders' | 'gateway', count: number): Hostile[] {
  const path = `${service === 'gateway' ? '/orders' : ''}/customerOrderses/invented`;
  const token = (index: number) => ({ 'consistency-token': `customer:invented-${index}:4`, prefer: 'wait=999999' });
  return Array.from({ length: count }, (_, index) => get(path, token(index)));
}
