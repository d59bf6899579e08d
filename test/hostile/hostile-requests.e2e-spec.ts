import type { ServiceName } from '../../scripts/system';
import { newSeed, Seeded } from '../faults/seeded';
import { blueWidget, customerBody } from '../system/bodies';
import { Storefront } from '../system/storefront';
import { type Endpoint, endpointsOf } from './endpoints';
import { eventLoopMs } from './event-loop-time';
import { hostileBodies } from './hostile-bodies';
import { hostileQueries, hostileSegments } from './hostile-targets';
import { type RawAnswer, type RawRequest, sendRaw } from './raw-request';

const services = ['accounts', 'orders', 'fulfillment'] as const;
const mostBlockingMs = 50;
const mostAnswerBytes = 64 * 1024;
const mostErrorBytes = 16 * 1024;
const mostEchoed = 120;
const attempts = 3;
const seed = newSeed();
/** The heap that the services have in production. */
const nodeArgs = ['--max-old-space-size=256'];

/** Some that must be among those that were found. */
const known = {
  accounts: ['POST /customers', 'PUT /customers/{id}', 'PATCH /customers/{id}'],
  orders: ['POST /customers/{customerId}/orders'],
  fulfillment: ['POST /fulfillments/{id}/ship'],
};

interface Measured extends RawAnswer {
  readonly what: string;
  /** What the request cost the event loop, ms: the best of up to three times. */
  readonly ms: number;
}

let storefront: Storefront;
const measured: Measured[] = [];
const parameters: Record<string, string> = {};

beforeAll(async () => {
  storefront = await Storefront.start({
    services: { accounts: { nodeArgs }, orders: { nodeArgs }, fulfillment: { nodeArgs }, gateway: { nodeArgs } },
  });
  await storefront.request('POST', '/accounts/customers', { ...customerBody('fuzz'), id: 'fuzz' });
  await storefront.settled();
  const order = { items: [{ product: blueWidget, quantity: 1 }] };
  const placed = await storefront.request('POST', '/orders/customers/fuzz/orders', order);
  Object.assign(parameters, { id: 'fuzz', customerId: 'fuzz', guid: (placed.json as { guid: string }).guid });
});

afterAll(async () => {
  table();
  await storefront?.stop();
});

describe(`requests that nobody means well (STOREFRONT_TEST_SEED=${seed})`, () => {
  it.each(services)('with a body of 256 KiB are answered by %s, at once and in few words', async (service) => {
    const endpoints = await endpointsOf(storefront, service);
    expect(endpoints.filter(({ schema }) => schema).map(describes)).toEqual(expect.arrayContaining(known[service]));
    const wrong: string[] = [];
    for (const endpoint of endpoints) {
      const random = Seeded.of(seed, `${endpoint.method} ${endpoint.path}`);
      for (const { name, type, text } of hostileBodies(endpoint, random)) {
        const headers = { 'content-type': type, accept: '*/*', ...authorization(endpoint) };
        const request = { method: endpoint.method, target: filled(endpoint), headers, body: text };
        wrong.push(...faultsOf(await measure(service, request, `${describes(endpoint)}: ${name} (${type})`)));
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each([...services, 'gateway'] as const)('with an odd path or query are answered by %s', async (service) => {
    const wrong: string[] = [];
    const random = Seeded.of(seed, `targets of ${service}`);
    for (const target of targetsOf(service)) {
      const others = ['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'POST'];
      const other = random.next() < 0.3 ? random.pick(others) : undefined;
      for (const method of ['GET', other]) {
        if (method === undefined) continue;
        const headers = { 'content-type': 'application/json', accept: '*/*' };
        const answer = await measure(service, { method, target, headers, body: '{}' }, `${method} ${target}`);
        wrong.push(...faultsOf(answer), ...echoOf(answer, target));
      }
    }
    expect(wrong).toEqual([]);
  });

  it('leave the system as it was: what was accepted is everywhere', async () => {
    expect(storefront.unaskedEnds).toEqual([]);
    const fresh = await storefront.request('POST', '/accounts/customers', { ...customerBody('after'), id: 'after' });
    expect(fresh.status).toBe(201);
    await storefront.settled();
    expect((await storefront.request('GET', '/orders/customerOrderses/after')).status).toBe(200);
  });
});

async function measure(service: ServiceName, request: RawRequest, what: string): Promise<Measured> {
  let best: Measured | undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const pid = storefront.pid(service);
    const before = eventLoopMs(pid) ?? 0;
    const answer = await sendRaw(storefront.url(service), request);
    const ms = (eventLoopMs(pid) ?? 0) - before;
    if (!best || ms < best.ms) best = { ...answer, what: `${service} ${what}`, ms };
    if (best.ms <= mostBlockingMs / 2) break;
  }
  if (!best) throw new Error('There was no attempt.');
  // the whole answer is not needed any more
  measured.push({ ...best, text: '' });
  return best;
}

/** 0 is a connection that was closed: the client has sent what is no HTTP. */
function faultsOf({ what, status, bytes, ms, text }: Measured): string[] {
  const most = status >= 400 ? mostErrorBytes : mostAnswerBytes;
  return [
    ...(status >= 500 || status === 0 ? [`${what}: ${status} ${text.slice(0, 300)}`] : []),
    ...(bytes > most ? [`${what}: answers ${bytes} bytes`] : []),
    ...(ms > mostBlockingMs ? [`${what}: takes the event loop ${ms.toFixed(1)} ms`] : []),
  ].map((fault) => fault.slice(0, 600));
}

/** A part of the target that an error repeats, in a row, if it is a long one. */
function echoOf({ what, status, text }: Measured, target: string): string[] {
  if (status < 400) return [];
  const [, body = ''] = text.split('\r\n\r\n');
  const isEchoed = target.length > mostEchoed && body.includes(target.slice(0, mostEchoed));
  return isEchoed ? [`${what.slice(0, 200)}: repeats the target`] : [];
}

function targetsOf(service: ServiceName): string[] {
  const all = {
    accounts: ['/customers'],
    orders: ['/customerOrderses', '/orders', '/customers/fuzz/orders', '/products'],
    fulfillment: ['/fulfillments'],
  };
  const collections = services.flatMap((name) =>
    service === name ? all[name] : service === 'gateway' ? all[name].map((path) => `/${name}${path}`) : [],
  );
  return collections
    .concat(['', '/actuator/health', '/actuator/info', '/swagger-ui'])
    .flatMap((path) => [
      ...hostileSegments.map((segment) => `${path}/${segment}`),
      ...hostileQueries.map((query) => `${path || '/'}?${query}`),
    ]);
}

function filled({ path, service }: Endpoint): string {
  const ids: Record<string, string | undefined> =
    service === 'fulfillment' ? { ...parameters, id: parameters['guid'] } : parameters;
  return path.replace(/\{(\w+)\}|:(\w+)/g, (_, name: string, other: string) => ids[name ?? other] ?? 'fuzz');
}

function describes({ method, path }: Endpoint): string {
  return `${method} ${path}`;
}

function authorization({ path }: Endpoint): Record<string, string> {
  const { username, password } = storefront.management;
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  return path.startsWith('/actuator') ? { authorization: `Basic ${credentials}` } : {};
}

function table(): void {
  const slowest = measured.toSorted((a, b) => b.ms - a.ms).slice(0, 12);
  const longest = measured.toSorted((a, b) => b.bytes - a.bytes).slice(0, 5);
  const lines = [...slowest, ...longest].map(
    ({ ms, status, bytes, what }) =>
      `${ms.toFixed(1).padStart(7)} ms ${status} ${String(bytes).padStart(6)} B  ${what.slice(0, 110)}`,
  );
  process.stdout.write(`${measured.length} hostile requests, seed ${seed}; the worst:\n${lines.join('\n')}\n`);
}
