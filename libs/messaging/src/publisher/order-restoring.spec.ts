import { jest } from '@jest/globals';
import type { OutboxEntry } from '../outbox-entry';
import { OrderRestoring } from './order-restoring';
import type { OutboxSource } from './outbox-source';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

it('sends the newest again after a second, however often it is overtaken meanwhile', async () => {
  const waiting = [{ version: 3 } as OutboxEntry];
  const documents = [{ _id: 'ada', eventVersion: 3, outbox: waiting }];
  const collection = { find: () => ({ toArray: async () => documents }) };
  const source = { name: 'orders', topic: { ordering: 'delta' }, collection } as unknown as OutboxSource;
  const sent: string[] = [];
  const restoring = new OrderRestoring({ newestOf: () => 2, resend: (_, id) => sent.push(id) });
  for (let elapsedMs = 0; elapsedMs < 1_000; elapsedMs += 50) {
    restoring.overtaken(source, 'ada');
    await jest.advanceTimersByTimeAsync(50);
  }
  restoring.stop();
  expect(sent).toEqual(['ada']);
});
