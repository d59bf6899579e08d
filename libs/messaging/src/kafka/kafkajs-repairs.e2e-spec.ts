import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Admin } from 'kafkajs';
import { eventually, settings } from '../../testing/harness';
import { kafkaClient } from './kafka-client';

/** Between kafkajs and the broker that it asks first. */
class Door {
  /** Connections to it, in the order in which they came. */
  readonly taken: Socket[] = [];
  private readonly dead = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (client) => this.accept(client));
  }

  static async open(): Promise<Door> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Door(server);
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Nothing comes through the connections of now any more, and nobody is told: they are half-open. */
  kill(): void {
    for (const socket of this.taken) this.dead.add(socket);
  }

  close(): void {
    this.server.close();
    for (const socket of this.taken) socket.destroy();
  }

  private accept(client: Socket): void {
    this.taken.push(client);
    const [host = '', port] = settings().brokers[0]?.split(':') ?? [];
    const broker = connect(Number(port), host);
    client.on('data', (chunk) => this.dead.has(client) || broker.write(chunk)).on('close', () => broker.destroy());
    broker.on('data', (chunk) => this.dead.has(client) || client.write(chunk)).on('close', () => client.destroy());
    for (const socket of [client, broker]) socket.on('error', () => socket.destroy());
  }
}

describe('a connection of kafkajs', () => {
  let door: Door;
  let admin: Admin;

  beforeEach(async () => {
    door = await Door.open();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await admin.disconnect();
    door.close();
  });

  it('on which a request is never answered is left for a new one', async () => {
    const patient = { ...settings(), brokers: [door.address], requestTimeoutMs: 500 };
    admin = kafkaClient(patient, 'test-repairs', { retries: 0 }).admin();
    await admin.connect();
    door.kill();
    await expect(admin.listTopics()).rejects.toThrow(/timed out/);
    await eventually(
      () => door.taken[0]?.destroyed,
      (destroyed) => destroyed === true,
    );
    expect(await admin.listTopics()).toBeInstanceOf(Array);
    expect(door.taken).toHaveLength(2);
  });

  it('has no timer running when nothing waits', async () => {
    admin = kafkaClient(settings(), 'test-repairs').admin();
    await admin.connect();
    const timers = jest.spyOn(globalThis, 'setTimeout');
    await admin.listTopics();
    // at every answer kafkajs looks for what waits, and would look again after this time
    const delays = timers.mock.calls.map(([, delayMs]) => delayMs ?? 0);
    expect(delays.filter((delayMs) => delayMs <= 10)).toEqual([]);
  });
});
