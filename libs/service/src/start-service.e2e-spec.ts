import { Agent, request, type IncomingMessage } from 'node:http';
import { RunningService } from '../test/running-service';

const nowhere = 'mongodb://127.0.0.1:1/test';
let service: RunningService;

afterEach(() => service.kill());

describe('a service without its store', () => {
  beforeEach(() => {
    service = new RunningService({ MONGODB_URI: nowhere });
  });

  it('answers HTTP, and says once that it looks for the store', async () => {
    const url = await service.url();
    expect((await fetch(`${url}/slow?ms=0`)).status).toBe(200);
    await service.logged(/Not connected: .*ECONNREFUSED/);
  });

  it.each(['SIGINT', 'SIGHUP'] as const)('stops with 0 on %s', async (signal) => {
    await service.url();
    service.signal(signal);
    expect(await service.ended).toBe(0);
  });

  it('ends with 1 and the reason when an error reaches nobody', async () => {
    const url = await service.url();
    await fetch(`${url}/unhandled`).catch(() => {});
    expect(await service.ended).toBe(1);
    expect(service.log.at(-1)).toMatchObject({ level: 60, err: { message: 'nobody catches this' } });
  });

  it('refuses to start when its port is taken', async () => {
    const { port } = new URL(await service.url());
    const second = new RunningService({ MONGODB_URI: nowhere, PORT: port });
    expect(await second.ended).toBe(1);
    expect(second.messages().at(-1)).toMatch(/EADDRINUSE/);
  });
});

describe('SIGTERM', () => {
  const keptAlive = new Agent({ keepAlive: true, maxSockets: 2 });
  let url: string;

  beforeEach(async () => {
    service = new RunningService({ MONGODB_URI: String(process.env.MONGODB_URI) });
    url = await service.url();
    await service.logged(/^Connected$/);
  });

  afterEach(() => keptAlive.destroy());

  it('lets the request in flight finish, then ends in order: requests, consumers, publisher, store', async () => {
    const inFlight = fetch(`${url}/slow?ms=1200`);
    await service.logged(/request begun/);
    service.signal('SIGTERM');
    const answer = await inFlight;
    expect([answer.status, await answer.text(), answer.headers.get('connection')]).toEqual([200, 'done', 'close']);
    expect(await service.ended).toBe(0);
    expect(service.messages().slice(service.messages().indexOf('Got SIGTERM: finishing what was begun'))).toEqual([
      'Got SIGTERM: finishing what was begun',
      'onModuleDestroy',
      'beforeApplicationShutdown',
      'request finished',
      'consumers stopped',
      'publisher drained, store is there',
      'store closed',
      'Stopped',
    ]);
  });

  it('serves safe requests for a while and refuses others, on connections kept alive, and closes these', async () => {
    const both = async (method: string) => Promise.all([ask('GET', '/slow?ms=50'), ask(method, '/slow?ms=50')]);
    await both('GET');
    service.signal('SIGTERM');
    await service.logged(/Got SIGTERM/);
    const [served, refused] = await both('POST');
    expect([served.statusCode, served.headers.connection, refused.statusCode]).toEqual([200, 'close', 503]);
    expect(refused.headers).toMatchObject({
      'retry-after': '1',
      connection: 'close',
      'content-type': 'application/problem+json',
    });
    expect(await service.ended).toBe(0);
  });

  async function ask(method: string, path: string): Promise<IncomingMessage> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url + path, { method, agent: keptAlive }, resolve)
        .once('error', reject)
        .end();
    });
    answer.resume();
    await new Promise((resolve) => answer.once('end', resolve));
    return answer;
  }
});
