import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createService, listenService, readEnvironment } from '@storefront/service';
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { createServer } from 'node:net';
import { type Answer, httpClient } from '../../../test/http-client';
import { type Seen, Upstream } from '../test/upstream';
import { GatewayEnvironment } from './gateway.config';
import { gatewayOptions, GatewayModule } from './gateway.module';

const accounts = new Upstream();
const timeoutMs = 500;
let app: NestFastifyApplication;
let url: string;
let get: (path: string, headers?: Record<string, string>) => Promise<Answer>;
let send: ReturnType<typeof httpClient>;

beforeAll(async () => {
  const environment = readEnvironment(GatewayEnvironment, {
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
    ACCOUNTS_URL: await accounts.start(),
    ORDERS_URL: `http://127.0.0.1:${await closedPort()}`,
    GATEWAY_TIMEOUT_MS: String(timeoutMs),
  });
  app = await createService(GatewayModule.forEnvironment(environment), gatewayOptions(environment));
  await listenService(app, environment);
  url = await app.getUrl();
  send = httpClient(url);
  get = (path, headers) => send('GET', path, undefined, headers);
});

afterEach(() => accounts.reset());

afterAll(async () => {
  await accounts.stop();
  await app.close();
});

describe('a request for a service', () => {
  it.each([
    ['/accounts', '/'],
    ['/accounts/', '/'],
    ['/accounts?page=1', '/?page=1'],
    ['/accounts/customers?page=1&q=a%20b', '/customers?page=1&q=a%20b'],
    ['//accounts//customers//7', '/customers/7'],
    ['/accounts/customers/a%2Fb%20c', '/customers/a%2Fb%20c'],
    ['/accounts/customers/', '/customers/'],
  ])('%s arrives as %s', async (path, expected) => {
    await raw('GET', path);
    expect(accounts.seen.map((seen) => seen.url)).toEqual([expected]);
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('keeps its method: %s', async (method) => {
    const { status } = await send(method, '/accounts/customers/7', method === 'GET' ? undefined : { a: 1 });
    expect(status).toBe(200);
    expect(accounts.seen).toMatchObject([{ method, body: method === 'GET' ? '' : '{"a":1}' }]);
  });

  it('may be HEAD: headers without a body', async () => {
    accounts.answer = (_seen, response) => response.writeHead(204, { link: '<x>;rel="self"' }).end();
    const { status, headers, text } = await send('HEAD', '/accounts/customers/7');
    expect([status, headers.get('link'), text]).toEqual([204, '<x>;rel="self"', '']);
  });

  it('keeps its headers, but those of the connection', async () => {
    await raw('GET', '/accounts', {
      'x-mine': '1',
      connection: 'x-secret',
      'x-secret': '2',
      te: 'trailers',
      accept: 'a/b',
    });
    expect(headersSeen()).toMatchObject({ 'x-mine': '1', accept: 'a/b' });
    expect(headersSeen()).not.toHaveProperty('x-secret');
    expect(headersSeen()).not.toHaveProperty('te');
  });

  it('says where it came from, for links that work through the gateway', async () => {
    await get('/accounts/customers');
    expect(headersSeen()).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': new URL(url).host,
      'x-forwarded-port': new URL(url).port,
      'x-forwarded-prefix': '/accounts',
    });
  });

  it('keeps what a trusted front said, and adds itself', async () => {
    await get('/accounts/customers', {
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'shop.example',
      'x-forwarded-prefix': '/shop',
    });
    expect(headersSeen()).toMatchObject({
      'x-forwarded-for': '203.0.113.9, 127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'shop.example',
      'x-forwarded-port': '443',
      'x-forwarded-prefix': '/shop,/accounts',
    });
  });

  it('stays in the trace of its caller', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    await get('/accounts', { traceparent: `00-${trace}-00f067aa0ba902b7-01` });
    expect(headersSeen().traceparent).toMatch(new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
  });

  it('is streamed: its body passes before it is complete, and so does the answer', async () => {
    accounts.intercept = (request, response) => {
      response.writeHead(200);
      request.pipe(response);
    };
    const request = httpRequest(`${url}/accounts/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-any' },
    });
    const answered = new Promise<IncomingMessage>((resolve) => request.once('response', resolve));
    request.write('first');
    const answer = await answered;
    expect(String(await nextChunk(answer))).toBe('first');
    request.end('last');
    expect(String(await nextChunk(answer))).toBe('last');
  });

  it('may be as large as the services take', async () => {
    const body = 'x'.repeat(256 * 1024);
    const { json } = await send('POST', '/accounts/big', body, { 'content-type': 'text/plain' });
    expect(json).toMatchObject({ body });
  });

  it('is refused when it is larger', async () => {
    const { status, json } = await send('POST', '/accounts/big', 'x'.repeat(256 * 1024 + 1));
    expect([status, json]).toMatchObject([413, { title: 'Payload Too Large' }]);
    expect(accounts.seen).toEqual([]);
  });
});

describe('an answer of a service', () => {
  it('keeps its status, its headers but those of the connection, and its bytes', async () => {
    accounts.answer = (_seen, response) =>
      response
        .writeHead(418, {
          'content-type': 'text/x; charset=latin1',
          'keep-alive': 'timeout=1234',
          'set-cookie': ['a=1', 'b=2'],
        })
        .end(Buffer.from([0xff, 0x00]));
    const answer = await fetch(`${url}/accounts`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([418, 'text/x; charset=latin1']);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(answer.headers.get('keep-alive')).not.toBe('timeout=1234');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from([0xff, 0x00]));
  });

  it('may be large', async () => {
    const body = 'x'.repeat(5_000_000);
    accounts.answer = (_seen, response) => response.end(body);
    const { text } = await get('/accounts/big');
    expect(text === body).toBe(true);
  });

  it('breaks off where the service breaks off', async () => {
    accounts.answer = (_seen, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('12345', () => response.destroy());
    };
    await expect(get('/accounts/big')).rejects.toThrow();
  });

  it('may be a failure: it is passed on, not repeated', async () => {
    accounts.answer = (_seen, response) => response.writeHead(503, { 'retry-after': '7' }).end('busy');
    const { status, headers, text } = await get('/accounts');
    expect([status, headers.get('retry-after'), text, accounts.seen.length]).toEqual([503, '7', 'busy', 1]);
  });
});

describe('a service that is away', () => {
  it('is 503 with Retry-After as problem details', async () => {
    const { status, headers, json } = await get('/orders/customers/summary');
    expect([status, headers.get('retry-after'), headers.get('content-type')]).toEqual([
      503,
      '1',
      'application/problem+json',
    ]);
    expect(json).toMatchObject({
      title: 'Service Unavailable',
      status: 503,
      service: 'orders',
      instance: '/orders/customers/summary',
    });
  });

  it('is 504 when it does not begin to answer in time', async () => {
    accounts.answer = () => {};
    const { status, json } = await get('/accounts/slow');
    expect([status, json]).toMatchObject([504, { title: 'Gateway Timeout', status: 504 }]);
    expect(accounts.seen).toHaveLength(1);
  });

  it.each(['GET', 'HEAD', 'OPTIONS'])('is asked a second time for %s when the connection breaks', async (method) => {
    accounts.intercept = breakOnce();
    const { status } = await send(method, '/accounts/customers');
    expect(status).toBe(200);
    expect(accounts.seen).toHaveLength(1);
  });

  it('is asked no third time', async () => {
    let attempts = 0;
    accounts.intercept = ({ socket }) => void (attempts++, socket.destroy());
    const { status } = await get('/accounts/customers');
    expect([status, attempts]).toEqual([503, 2]);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('never gets a %s a second time', async (method) => {
    let attempts = 0;
    accounts.intercept = ({ socket }) => void (attempts++, socket.destroy());
    const { status } = await send(method, '/accounts/customers', { a: 1 });
    expect([status, attempts]).toEqual([503, 1]);
  });
});

describe('the management endpoints of a service', () => {
  it.each(['health', 'health/liveness', 'health/readiness', 'info', 'prometheus'])('%s is open', async (endpoint) => {
    expect((await get(`/accounts/actuator/${endpoint}`)).status).toBe(200);
    expect(accounts.seen).toHaveLength(1);
  });

  it.each([
    '/accounts/actuator',
    '/accounts/actuator/',
    '/accounts/actuator/env',
    '/accounts/actuator/health/mongo',
    '/accounts/actuator/parked/7',
    '/accounts//actuator//heapdump',
    '/accounts/%61ctuator/env',
    '/accounts/./actuator/env',
    '/accounts/%2e/actuator/env',
    '/accounts/ACTUATOR/env',
    '/accounts/actuator%2Fenv',
    '/accounts\\actuator/env',
    '/accounts/actuator/health/../env',
  ])('%s is not', async (path) => {
    const { statusCode } = await raw('GET', path);
    expect([400, 404]).toContain(statusCode);
    expect(accounts.seen).toEqual([]);
  });
});

describe('the gateway itself', () => {
  it('has a root document with links to everything', async () => {
    const { status, json } = await get('/', { accept: 'application/hal+json' });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      _links: {
        accounts: { href: `${url}/accounts` },
        customers: { href: `${url}/accounts/customers{?page,size,sort}`, templated: true },
        fulfillments: { href: `${url}/fulfillment/fulfillments{?page,size,sort}`, templated: true },
        'orders-docs': { href: `${url}/orders/swagger-ui/` },
      },
    });
  });

  it('is UP whatever the services are', async () => {
    const paths = ['health', 'health/liveness', 'health/readiness'];
    const answers = await Promise.all(paths.map((path) => get(`/actuator/${path}`)));
    expect(answers.map(({ status, text }) => [status, text])).toEqual(paths.map(() => [200, '{"status":"UP"}']));
  });

  it('counts what it forwards, by route', async () => {
    await get('/accounts/customers/7');
    const { text } = await get('/actuator/prometheus');
    expect(text).toMatch(
      /http_server_requests_seconds_count\{exception="None",method="GET",outcome="SUCCESS",status="200",uri="\/accounts\/\*"\} \d/,
    );
  });

  it.each(['/nope', '/accountsx', '/accounts%2Fcustomers'])('knows no %s: 404 as problem details', async (path) => {
    const { status, headers, json } = await get(path);
    expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    expect(json).toMatchObject({ title: 'Not Found', status: 404 });
  });

  it.each(['/accounts/%zz', '/accounts/customers/%E0%A4%A'])('refuses %s, which is no URL', async (path) => {
    const { status, headers } = await get(path);
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(accounts.seen).toEqual([]);
  });
});

function headersSeen(): Seen['headers'] {
  const [seen] = accounts.seen;
  if (!seen) throw new Error('The service saw no request.');
  return seen.headers;
}

function breakOnce(): Upstream['intercept'] {
  return ({ socket }) => {
    accounts.intercept = undefined;
    socket.destroy();
  };
}

/** As it is: fetch would tidy up the path and refuse some headers. */
async function raw(method: string, path: string, headers: OutgoingHttpHeaders = {}): Promise<IncomingMessage> {
  const { hostname, port } = new URL(url);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest({ hostname, port, method, path, headers }, resolve).once('error', reject).end();
  });
  return answer.resume();
}

function nextChunk(stream: IncomingMessage): Promise<unknown> {
  return new Promise((resolve, reject) => stream.once('data', resolve).once('error', reject));
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
