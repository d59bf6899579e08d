import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { publicPaths } from '../../apps/gateway/src/http/public-endpoints';
import { eventually } from '../../test/eventually';
import { services } from '../services';
import { token } from './tokens';

const issuer = 'https://issuer.example.com/';
const safe = ['GET', 'HEAD', 'OPTIONS'];

/** Where requests go in, and what each needs to be let in. */
export interface Edge {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
/** What a customer of the edge sends. */
export const customer = () => bearer(token(issuer));

/** The same as apps/gateway answers: links, errors, all methods; of the management endpoints the public ones alone. */
export async function routingFaults({ url, headers }: Edge, gateway: string): Promise<string[]> {
  const faults: string[] = [];
  for (const path of paths) {
    const [through, expected] = await Promise.all([
      read(`${url}${path}`, url, headers),
      read(`${gateway}${path}`, gateway),
    ]);
    if (through !== expected) faults.push(`GET ${path}: ${through.slice(0, 300)} instead of ${expected.slice(0, 300)}`);
  }
  for (const service of services) faults.push(...(await endpointFaults(service, { url, headers }, gateway)));
  for (const path of ['/account/customers', '/', '/accountsx']) {
    const { status } = await fetch(url + path, { headers });
    if (status !== 404) faults.push(`GET ${path}: ${status}, not 404`);
  }
  return [...faults, ...(await writingFaults({ url, headers }))];
}

const guarded = [
  '/actuator/env',
  '/actuator/health/mongo',
  '/actuator/parked',
  '/actuator/heapdump',
  '/actuator/metrics',
];

/** Both edges follow one table; each refuses in its own way. */
async function endpointFaults(service: string, { url, headers }: Edge, gateway: string): Promise<string[]> {
  const faults: string[] = [];
  const expected = [
    ...[...publicPaths].map((path) => [path, '200,200'] as const),
    ...guarded.map((path) => [path, '403,404'] as const),
  ];
  for (const [path, statuses] of expected) {
    const answers = [await fetch(`${url}/${service}${path}`, { headers }), await fetch(`${gateway}/${service}${path}`)];
    const found = answers.map(({ status }) => status).join();
    if (found !== statuses)
      faults.push(`GET /${service}${path}, by the edge and apps/gateway: ${found}, not ${statuses}`);
  }
  const index = await (await fetch(`${url}/${service}/actuator/`, { headers })).text();
  const isLinked = index.includes(`"${url}/${service}/actuator/health"`);
  return [...faults, ...(isLinked ? [] : [`the index of ${service} leads elsewhere: ${index.slice(0, 300)}`])];
}

const paths = [
  ...services.flatMap((service) => [`/${service}`, `/${service}/`, `/${service}/profile`]),
  '/accounts/customers?size=2&sort=name.lastName,desc',
  '/accounts/customers/none',
  '/accounts/customers/summary',
  '/orders/products',
  '/orders/customerOrderses',
  '/fulfillment/fulfillments',
];

/** Status and body, with the address that was asked taken out: links have it. */
async function read(url: string, base: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const answer = await fetch(url, { headers: { ...headers, accept: 'application/hal+json' } });
  const body = (await answer.text()).replaceAll(base, '').replace(/"timestamp"\s*:\s*"[^"]*"/, '');
  return `${answer.status} ${body}`;
}

const somebodyNew = {
  name: { title: 'Dr.', firstName: 'Ada', middleName: null, lastName: 'Edge', suffix: null },
  contact: { primaryPhone: '555-0100', secondaryPhone: null, email: 'ada@example.com' },
  addresses: [],
  creditCards: [],
  credentials: null,
};

async function writingFaults({ url, headers }: Edge): Promise<string[]> {
  const all = { ...headers, 'content-type': 'application/json' };
  const body = JSON.stringify(somebodyNew);
  const made = await fetch(`${url}/accounts/customers`, { method: 'POST', headers: all, body });
  const location = made.headers.get('location') ?? '';
  if (made.status !== 201 || !location.startsWith(`${url}/accounts/customers/`)) {
    return [`POST /accounts/customers: ${made.status}, Location ${location}`];
  }
  const again = await fetch(location, { headers });
  const gone = await fetch(location, { method: 'DELETE', headers });
  const left = await fetch(location, { headers });
  const statuses = [again, gone, left].map(({ status }) => status).join();
  return statuses === '200,204,404' ? [] : [`GET, DELETE, GET of ${location}: ${statuses}`];
}

/** What is asked at each port of an edge for the public: with TLS its own host, without only the way there, whoever asks. */
export async function transportFaults(host: string, address: string): Promise<string[]> {
  const faults: string[] = [];
  const path = '/accounts/customers?size=1';
  for (const method of ['GET', 'POST', 'OPTIONS']) {
    const { status, headers } = await fetch(`http://${host}${path}`, { method, redirect: 'manual' });
    const way = `${status} ${headers.get('location') ?? ''}`;
    if (way !== `308 https://${host}${path}`) faults.push(`${method} without TLS: ${way}`);
  }
  const others = await fetch(`http://${address}${path}`, { redirect: 'manual' });
  if (others.status !== 404) faults.push(`another host without TLS: ${others.status}, not 404`);
  if (!(await isServed(host, address))) faults.push(`${host} is not served with TLS`);
  if (await isServed(`other.${host}`, address)) faults.push('another host is served with TLS');
  return faults;
}

/** Whether TLS for a name begins at all, whatever the certificate. */
async function isServed(servername: string, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 443, servername, rejectUnauthorized: false });
    const end = (served: boolean) => () => {
      socket.destroy();
      resolve(served);
    };
    socket.once('secureConnect', end(true)).once('error', end(false)).once('close', end(false));
  });
}

/** Without a token nothing but OPTIONS; with one that is wrong in any way nothing at all. */
export async function tokenFaults(url: string): Promise<string[]> {
  const expired = Math.floor(Date.now() / 1_000) - 3_600;
  const cases: readonly (readonly [what: string, method: string, headers: Record<string, string>, expected: number])[] =
    [
      ['no token', 'GET', {}, 403],
      ['no token', 'POST', {}, 403],
      ['no token', 'OPTIONS', {}, 200],
      ['a token', 'GET', customer(), 200],
      ['an expired token', 'GET', bearer(token(issuer, { exp: expired })), 401],
      ["somebody else's signature", 'GET', bearer(token(issuer, {}, true)), 401],
      ['another audience', 'GET', bearer(token(issuer, { aud: 'others' })), 403],
      ['another issuer', 'GET', bearer(token('https://others.example.com/')), 401],
      ['no token at all', 'GET', bearer('a.b.c'), 401],
    ];
  const faults: string[] = [];
  for (const [what, method, headers, expected] of cases) {
    const { status } = await fetch(`${url}/accounts/customers`, { method, headers });
    if (status !== expected) faults.push(`${method} with ${what}: ${status}, not ${expected}`);
  }
  return faults;
}

/** s. A read has 10 s, and two more tries by the classic edge; the Gateway API tries again after answers alone. */
const longest = [
  ['GET', 9, 40],
  ['POST', 29, 40],
] as const;

/** Of Orders, in whose place something fails. */
const failing = '/orders/products';

/** A service behind the proxies that fails, or does not answer: what is sent again, and how long the edge waits. */
export async function patienceFaults({ url, headers }: Edge, broken: BrokenService): Promise<string[]> {
  const faults: string[] = [];
  for (const method of [...safe, 'POST', 'PUT', 'DELETE']) {
    broken.forget();
    const { status } = await fetch(`${url}${failing}`, { method, headers });
    const expected = safe.includes(method) ? 3 : 1;
    if (status !== 503 || broken.asked !== expected)
      faults.push(`${method} that fails: ${status}, sent ${broken.asked} times, not ${expected}`);
  }
  broken.hang();
  const hung = await Promise.all(
    longest.map(async ([method, least, most]) => {
      const begin = performance.now();
      const { status } = await fetch(`${url}${failing}`, { method, headers });
      const seconds = (performance.now() - begin) / 1_000;
      return { method, status, seconds, isRight: status === 504 && seconds > least && seconds < most };
    }),
  );
  const wrong = hung.filter(({ isRight }) => !isRight);
  return [
    ...faults,
    ...wrong.map(
      ({ method, status, seconds }) => `${method} without an answer: ${status} after ${seconds.toFixed(1)} s`,
    ),
  ];
}

/** Answers 503, or not at all, and counts. */
export class BrokenService {
  asked = 0;
  private isSilent = false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<BrokenService> {
    const server = createServer();
    const broken = new BrokenService(server);
    server.on('request', (_, answer) => {
      broken.asked += 1;
      if (!broken.isSilent) answer.writeHead(503).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return broken;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  forget(): void {
    this.asked = 0;
  }

  hang(): void {
    this.isSilent = true;
  }

  /** Resolves when requests through the edge come here. */
  async isReached({ url, headers }: Edge): Promise<void> {
    const ask = async () => {
      await fetch(`${url}${failing}`, { headers });
      return this.asked;
    };
    await eventually(ask, (asked) => asked > 0, 30_000);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
