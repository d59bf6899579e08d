import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { mongo } from 'mongoose';
import { Door } from '../../../test/door';
import { repairDriver } from './driver-repairs';

const store = new URL(String(process.env.MONGODB_URI).replace('mongodb:', 'http:'));

/** Node's own news of every socket that this process opens. */
const OPENED = 'net.client.socket';
const LIMIT_MS = 20_000;

describe('a command that is written when the other side has just closed', () => {
  const opened: Socket[] = [];
  const remember = (message: unknown) => opened.push((message as { socket: Socket }).socket);
  let door: Door;
  let client: mongo.MongoClient;

  beforeAll(() => repairDriver());

  beforeEach(async () => {
    door = await Door.open({ host: store.hostname, port: Number(store.port) });
    subscribe(OPENED, remember);
    client = new mongo.MongoClient(`mongodb://127.0.0.1:${door.port}`, {
      maxPoolSize: 1,
      serverMonitoringMode: 'poll',
    });
    await client.db('repairs').command({ ping: 1 });
  });

  afterEach(async () => {
    unsubscribe(OPENED, remember);
    await client.close();
    door.close();
  });

  /** The driver's last connection is that of its pool: commands go by it. */
  const pooled = () => opened.filter(({ remotePort }) => remotePort === door.port).at(-1) as Socket;

  /** What becomes of a command that is sent with this event of the connection. */
  function sentAt(event: 'end' | 'finish'): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const limit = setTimeout(() => resolve('nothing was heard of it'), LIMIT_MS);
    pooled().once(event, () => {
      const sent = client.db('repairs').collection('notes').insertOne({ text: 'x' });
      sent.then(() => resolve('written'), resolve).finally(() => clearTimeout(limit));
    });
    door.shut();
    return promise;
  }

  it.each(['end', 'finish'] as const)('fails as a broken connection does: at its %s', async (event) => {
    expect(await sentAt(event)).toBeInstanceOf(mongo.MongoNetworkError);
  });
});

describe('a pool of connections', () => {
  const load = createRequire(createRequire(__filename).resolve('mongoose'));
  const { ConnectionPool } = load('mongodb/lib/cmap/connection_pool') as {
    ConnectionPool: { prototype: { ensureMinPoolSize(): void } };
  };
  let client: mongo.MongoClient;

  beforeAll(() => repairDriver());

  afterEach(() => client.close());

  it('is looked at no more than once a second when it has what it needs', async () => {
    const { prototype } = ConnectionPool;
    const original = prototype.ensureMinPoolSize;
    const looks: number[] = [];
    const { promise: seen, resolve } = Promise.withResolvers<void>();
    prototype.ensureMinPoolSize = function () {
      // the first three: of the new pool, of the answer of its first connection, and the one that they lead to
      if (looks.push(performance.now()) === 5) resolve();
      original.call(this);
    };
    try {
      client = await mongo.MongoClient.connect(store.href.replace('http:', 'mongodb:'), { minPoolSize: 1 });
      await seen;
    } finally {
      prototype.ensureMinPoolSize = original;
    }
    expect(Number(looks.at(-1)) - Number(looks.at(-2))).toBeGreaterThan(900);
  });
});
