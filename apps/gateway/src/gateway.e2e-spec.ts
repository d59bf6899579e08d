import { RunningGateway } from '../test/running-gateway';
import { publicPaths } from './http/public-endpoints';

const operator = { authorization: `Basic ${Buffer.from('ops:secret').toString('base64')}` };

let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await RunningGateway.start();
});

afterEach(() => gateway.accounts.reset());

afterAll(() => gateway.stop());

describe('the management endpoints of a service', () => {
  it.each([...publicPaths])('%s is open', async (path) => {
    expect((await gateway.get(`/accounts${path}`)).status).toBe(200);
    expect(gateway.accounts.seen).toHaveLength(1);
  });

  it.each([
    '/accounts/actuator/env',
    '/accounts/actuator/healthy',
    '/accounts/actuator/health/mongo',
    '/accounts/actuator/parked/7',
    '/accounts//actuator//heapdump',
    '/accounts/%61ctuator/env',
    '/accounts/./actuator/env',
    '/accounts/%2e/actuator/env',
    '/accounts/ACTUATOR',
    '/accounts/ACTUATOR/env',
    '/accounts/actuator%2Fenv',
    '/accounts\\actuator/env',
    '/accounts/actuator/health/../env',
  ])('%s is not', async (path) => {
    const { statusCode } = await gateway.raw('GET', path);
    expect([400, 404]).toContain(statusCode);
    expect(gateway.accounts.seen).toEqual([]);
  });
});

describe('the gateway itself', () => {
  it.each(['reconcile', 'env', 'loggers', 'auditevents'])('has no guarded %s at its public port', async (endpoint) => {
    expect((await gateway.get(`/actuator/${endpoint}`, operator)).status).toBe(404);
  });

  it('has them at its management port, and remembers what was done there', async () => {
    const { manage } = gateway;
    const changed = await manage('POST', '/actuator/loggers/ROOT', { configuredLevel: 'ERROR' }, operator);
    expect(changed.status).toBe(204);
    const { json } = await manage('GET', '/actuator/auditevents?type=OPERATOR_ACTION', undefined, operator);
    expect(json).toMatchObject({ events: [{ data: { body: { configuredLevel: 'ERROR' }, result: 'success' } }] });
    expect((await manage('GET', '/accounts/customers')).status).toBe(404);
  });

  it('leaves it to the services from which pages they may be called', async () => {
    const headers = { origin: 'http://evil.example' };
    expect((await gateway.send('POST', '/accounts/customers', {}, headers)).status).toBe(200);
    expect(gateway.headersSeen()).toMatchObject(headers);
    expect((await gateway.send('POST', '/actuator/loggers/ROOT', {}, headers)).status).toBe(403);
  });

  it('protects its own answers, and those of a service that does not do so itself', async () => {
    const [own, passed] = [await gateway.get('/'), await gateway.get('/accounts/customers')];
    for (const { headers } of [own, passed]) expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(own.headers.get('cache-control')).toBe('private, no-cache');
    expect(passed.headers.get('cache-control')).toBe('no-store');
    gateway.accounts.answer = (_seen, response) => response.setHeader('cache-control', 'private, no-cache').end();
    expect((await gateway.get('/accounts/products')).headers.get('cache-control')).toBe('private, no-cache');
  });

  it('has a root document with links to everything', async () => {
    const { status, json } = await gateway.get('/', { accept: 'application/hal+json' });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      _links: {
        accounts: { href: `${gateway.url}/accounts` },
        customers: { href: `${gateway.url}/accounts/customers{?page,size,sort}`, templated: true },
        fulfillments: { href: `${gateway.url}/fulfillment/fulfillments{?page,size,sort}`, templated: true },
        'orders-docs': { href: `${gateway.url}/orders/swagger-ui/` },
      },
    });
  });

  it('is UP whatever the services are', async () => {
    const paths = ['health', 'health/liveness', 'health/readiness'];
    const answers = await Promise.all(paths.map((path) => gateway.get(`/actuator/${path}`)));
    const seen = answers.map(({ status, text }) => [status, (JSON.parse(text) as { status: string }).status]);
    expect(seen).toEqual(paths.map(() => [200, 'UP']));
  });

  it('counts what it forwards, by route', async () => {
    await gateway.get('/accounts/customers/7');
    const { text } = await gateway.get('/actuator/prometheus');
    expect(text).toMatch(
      /http_server_requests_seconds_count\{exception="None",method="GET",outcome="SUCCESS",status="200",uri="\/accounts\/\*\*"\} \d/,
    );
  });

  it.each(['/nope', '/accountsx', '/accounts%2Fcustomers'])('knows no %s: 404 as problem details', async (path) => {
    const { status, headers, json } = await gateway.get(path);
    expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    expect(json).toMatchObject({ title: 'Not Found', status: 404 });
  });

  it.each([
    '/accounts/%zz',
    '/accounts/customers/%E0%A4%A',
    '/accounts/customers/..%2f7',
    '/accounts/customers/...',
    '/accounts/customers/7../orders',
  ])('refuses %s, which is no URL of a service', async (path) => {
    const { status, headers } = await gateway.get(path);
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(gateway.accounts.seen).toEqual([]);
  });
});
