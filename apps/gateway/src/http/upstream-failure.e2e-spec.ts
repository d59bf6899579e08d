import { RunningGateway } from '../../test/running-gateway';
import type { Upstream } from '../../test/upstream';

let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await RunningGateway.start();
});

afterEach(() => gateway.accounts.reset());

afterAll(() => gateway.stop());

describe('a service that is away', () => {
  it('is 503 with Retry-After as problem details', async () => {
    const { status, headers, json } = await gateway.get('/orders/customers/summary');
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
    gateway.accounts.answer = () => {};
    const { status, json } = await gateway.get('/accounts/slow');
    expect([status, json]).toMatchObject([504, { title: 'Gateway Timeout', status: 504 }]);
    expect(gateway.accounts.seen).toHaveLength(1);
  });

  it.each(['GET', 'HEAD', 'OPTIONS'])('is asked a second time for %s when the connection breaks', async (method) => {
    gateway.accounts.intercept = breakOnce();
    const { status } = await gateway.send(method, '/accounts/customers');
    expect(status).toBe(200);
    expect(gateway.accounts.seen).toHaveLength(1);
  });

  it.each([
    ['GET', 'close', [200, 2]],
    ['HEAD', 'close', [200, 2]],
    ['GET', 'keep-alive', [503, 1]],
    ['POST', 'close', [503, 1]],
  ])('%s to an instance that answers 503 and then connection: %s', async (method, connection, expected) => {
    gateway.accounts.answer = (_seen, response) => {
      if (gateway.accounts.seen.length > 1) return void response.writeHead(200).end();
      response.writeHead(503, { connection, 'retry-after': '1' }).end('{}');
    };
    const { status } = await gateway.send(method, '/accounts/customers', method === 'POST' ? { a: 1 } : undefined);
    expect([status, gateway.accounts.seen.length]).toEqual(expected);
  });

  it('is asked no third time while it is being stopped', async () => {
    gateway.accounts.answer = (_seen, response) => void response.writeHead(503, { connection: 'close' }).end();
    const { status } = await gateway.get('/accounts/customers');
    expect([status, gateway.accounts.seen.length]).toEqual([503, 2]);
  });

  it('is asked no third time', async () => {
    let attempts = 0;
    gateway.accounts.intercept = ({ socket }) => void (attempts++, socket.destroy());
    const { status } = await gateway.get('/accounts/customers');
    expect([status, attempts]).toEqual([503, 2]);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('never gets a %s a second time', async (method) => {
    let attempts = 0;
    gateway.accounts.intercept = ({ socket }) => void (attempts++, socket.destroy());
    const { status } = await gateway.send(method, '/accounts/customers', { a: 1 });
    expect([status, attempts]).toEqual([503, 1]);
  });
});

/** Breaks the connection of the next request; the one after it is answered. */
function breakOnce(): Upstream['intercept'] {
  return ({ socket }) => {
    gateway.accounts.intercept = undefined;
    socket.destroy();
  };
}
