import type { Admin } from 'kafkajs';
import { Door } from '../../../../test/door';
import { eventually, settings } from '../../testing/harness';
import { kafkaClient } from './kafka-client';

describe('a connection of kafkajs', () => {
  let door: Door;
  let admin: Admin;

  beforeEach(async () => {
    const [host = '', port] = settings().brokers[0]?.split(':') ?? [];
    door = await Door.open({ host, port: Number(port) });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await admin.disconnect();
    door.close();
  });

  it('on which a request is never answered is left for a new one', async () => {
    const patient = { ...settings(), brokers: [`127.0.0.1:${door.port}`], requestTimeoutMs: 500 };
    admin = kafkaClient(patient, 'test-repairs', { retries: 0 }).admin();
    await admin.connect();
    door.silence();
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
