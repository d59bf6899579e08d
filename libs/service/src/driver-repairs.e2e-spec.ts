import { subscribe, unsubscribe } from 'node:diagnostics_channel';
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
