import type { ServerResponse } from 'node:http';
import { eventually } from '../../../../test/eventually';
import { RawClient } from '../../test/clients';
import { RunningGateway } from '../../test/running-gateway';
import { Upstream } from '../../test/upstream';

const atOnce = 128;
const requestTimeoutMs = 2_000;
const orders = new Upstream();
let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await RunningGateway.start({
    ORDERS_URL: await orders.start(),
    HTTP_REQUEST_TIMEOUT_MS: String(requestTimeoutMs),
    GATEWAY_MAX_QUEUED: '20',
  });
});

afterEach(() => {
  gateway.accounts.reset();
  orders.reset();
});

afterAll(async () => {
  await gateway.stop();
  await orders.stop();
});

function times<T>(count: number, make: () => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, make));
}

/** The service takes requests and answers none: as a process that was stopped. */
function stopAccounts(): ServerResponse[] {
  const unanswered: ServerResponse[] = [];
  gateway.accounts.answer = (_seen, response) => void unanswered.push(response);
  return unanswered;
}

const asked = (count: number) =>
  eventually(
    () => gateway.accounts.seen.length,
    (seen) => seen >= count,
  );

describe('clients that send one byte of a body', () => {
  it('hold up nobody, reach no service, and get 408', async () => {
    const clients = await times(200, () => RawClient.connect(gateway.url));
    for (const client of clients) client.trickle('/accounts/customers', 'x');
    for (let round = 0; round < 10; round++) {
      const answers = await times(5, () => gateway.send('POST', '/accounts/customers', { a: 1 }));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      expect((await gateway.get('/orders/orders')).status).toBe(200);
    }
    expect(gateway.accounts.seen.filter(({ body }) => body !== '{"a":1}')).toEqual([]);
    await Promise.all(clients.map(({ closed }) => closed));
    expect(new Set(clients.map(({ status }) => status))).toEqual(new Set([408]));
    expect(gateway.accounts.seen).toHaveLength(50);
  });
});

describe('a service that takes requests and answers none', () => {
  it('is 504 for all that wait, 503 with Retry-After for more, and the others answer as before', async () => {
    stopAccounts();
    const waiting = times(atOnce + 20, () => gateway.get('/accounts/customers'));
    await asked(atOnce);
    const { headers, json } = await eventually(
      () => gateway.get('/accounts/one-more'),
      ({ status }) => status === 503,
    );
    expect([headers.get('retry-after'), headers.get('content-type')]).toEqual(['1', 'application/problem+json']);
    expect(json).toMatchObject({ status: 503, service: 'accounts', detail: expect.stringContaining('Too many') });
    const others = await times(100, () => gateway.get('/orders/orders'));
    expect(new Set(others.map(({ status }) => status))).toEqual(new Set([200]));
    const answers = await waiting;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([504]));
    expect(answers[0]?.json).toMatchObject({ title: 'Gateway Timeout', status: 504 });
    // those that waited were given up in the queue, with those before them
    gateway.accounts.reset();
    expect((await gateway.get('/accounts/customers')).status).toBe(200);
  });

  it('is 504 by when the request arrived, not by when its turn came', async () => {
    stopAccounts();
    const first = times(atOnce, () => gateway.get('/accounts/customers'));
    await asked(atOnce);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    // its turn comes when the first ones are given up; its answer after its own 2 s, and within 2 s of its turn
    const answerAt = performance.now() + 2_900;
    gateway.accounts.answer = (_seen, response) =>
      void setTimeout(() => response.end('late'), answerAt - performance.now());
    const { status } = await gateway.get('/accounts/late');
    expect(status).toBe(504);
    await first;
  });

  it('is let alone when the client is gone', async () => {
    const unanswered = stopAccounts();
    const client = await RawClient.connect(gateway.url);
    client.askWithoutReading('/accounts/customers');
    await asked(1);
    client.socket.destroy();
    await eventually(
      () => unanswered[0]?.destroyed,
      (destroyed) => destroyed === true,
    );
  });
});

describe('a client that does not read a large answer', () => {
  const large = Buffer.alloc(50_000_000);

  it('holds no connection to the service', async () => {
    const responses = await sendLarge('/accounts/summary', () => {});
    await eventually(
      () => responses[0]?.destroyed,
      (destroyed) => destroyed === true,
    );
    expect(responses[0]?.writableFinished).toBe(false);
  });

  it('does not either when it reads a little from time to time', async () => {
    const responses = await sendLarge('/accounts/summary', ({ socket }) => {
      const timer = setInterval(() => void socket.read(1_000), 100);
      socket.once('close', () => clearInterval(timer));
    });
    await eventually(
      () => responses[0]?.destroyed,
      (destroyed) => destroyed === true,
    );
    expect(responses[0]?.writableFinished).toBe(false);
  });

  it('is let go, and one that reads gets it all', async () => {
    gateway.accounts.answer = (_seen, response) => response.end(large);
    const answer = await fetch(`${gateway.url}/accounts/summary`);
    expect((await answer.arrayBuffer()).byteLength).toBe(large.length);
  });

  async function sendLarge(path: string, read: (client: RawClient) => void): Promise<ServerResponse[]> {
    const responses: ServerResponse[] = [];
    gateway.accounts.answer = (_seen, response) => {
      responses.push(response);
      response.end(large);
    };
    const client = await RawClient.connect(gateway.url);
    client.askWithoutReading(path);
    await asked(1);
    read(client);
    return responses;
  }
});
