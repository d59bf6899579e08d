import { Registry } from 'prom-client';
import { entry } from '../../testing/note';
import type { OutgoingMessage } from '../kafka/kafka-producer';
import { MessagingMetrics } from '../metrics';
import type { Topic } from '../topic';
import type { OutboxSource } from './outbox-source';
import type { Shipment } from './partition-lane';
import { Pending } from './pending';
import { Shipping } from './shipping';

class TooLarge extends Error {}

interface Request {
  /** partition:key:version of every message */
  readonly messages: string[];
  readonly answer: (error?: Error) => void;
}

/** A broker whose answers the test gives. */
class Broker {
  readonly requests: Request[] = [];

  send(batch: Map<string, OutgoingMessage[]>): Promise<void> {
    const messages = [...batch.values()]
      .flat()
      .map(({ partition, key, headers }) => `${partition}:${key}:${String(headers?.ce_aggregateversion)}`);
    return new Promise((resolve, reject) => {
      this.requests.push({ messages, answer: (error) => (error ? reject(error) : resolve()) });
    });
  }

  saysTooLarge(error: unknown): boolean {
    return error instanceof TooLarge;
  }
}

const source = { name: 'notes', topic: { name: 'notes' } as Topic<unknown> } as OutboxSource;
const turn = () => new Promise((resolve) => setImmediate(resolve));

function aggregate(id: string, ...versions: number[]): Pending {
  const pending = new Pending(source, id);
  pending.merge(versions.map((version) => entry(version)));
  return pending;
}

describe('shipping', () => {
  let broker: Broker;
  let shipping: Shipping;
  let refused: string[];
  let dropped: string[];
  let crowded: boolean;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    broker = new Broker();
    [refused, dropped, crowded] = [[], [], false];
    shipping = new Shipping(broker, new MessagingMetrics(new Registry()), {
      acknowledged: ({ pending, entries }: Shipment) => {
        pending.acknowledge(entries.at(-1)?.version ?? 0);
        return pending.entries.length > 0;
      },
      refused: ({ id }) => void refused.push(id),
      dropped: (waiting) => void dropped.push(...waiting.map(({ id }) => id)),
      isCrowded: () => crowded,
    });
  });

  afterEach(() => {
    shipping.stop();
    jest.useRealTimers();
  });

  async function lingered(): Promise<void> {
    jest.advanceTimersByTime(5);
    await turn();
  }

  const sent = () => broker.requests.map(({ messages }) => messages);
  async function answer(index: number, error?: Error): Promise<void> {
    broker.requests[index]?.answer(error);
    await turn();
    await turn();
    await lingered();
  }

  it('sends what comes in one turn together, and one request at a time', async () => {
    const [a, b] = [aggregate('a', 1), aggregate('b', 1)];
    shipping.add(0, a);
    shipping.add(1, b);
    await turn();
    a.merge([entry(2)]);
    shipping.add(0, a);
    shipping.add(0, aggregate('c', 1));
    await turn();
    expect(sent()).toEqual([['0:a:1', '1:b:1']]);
    await answer(0);
    expect(sent()[1]).toEqual(['0:a:2', '0:c:1']);
    await answer(1);
    expect(sent()).toHaveLength(2);
    expect(shipping.idle).toBe(true);
  });

  it('lets what comes soon after a request wait for more, and what comes after a pause depart at once', async () => {
    shipping.add(0, aggregate('a', 1));
    await turn();
    broker.requests[0]?.answer();
    await turn();
    shipping.add(0, aggregate('b', 1));
    await turn();
    jest.advanceTimersByTime(4);
    shipping.add(1, aggregate('c', 1));
    await turn();
    expect(sent()).toEqual([['0:a:1']]);
    jest.advanceTimersByTime(1);
    await turn();
    expect(sent()[1]).toEqual(['0:b:1', '1:c:1']);
    await answer(1);
    shipping.add(0, aggregate('d', 1));
    await turn();
    expect(sent()[2]).toEqual(['0:d:1']);
  });

  it('sends a failed request again for ever, the oldest first, at most 5 s later', async () => {
    const a = aggregate('a', 1);
    shipping.add(0, a);
    await turn();
    for (let failure = 0; failure < 12; failure++) {
      a.merge([entry(failure + 2)]);
      shipping.add(0, a);
      await answer(failure, new Error('no leader'));
      expect(sent()).toHaveLength(failure + 1);
      expect(shipping.lastFailure).toBe('no leader');
      jest.advanceTimersByTime(5_000);
      await turn();
      expect(sent()[failure + 1]).toEqual(Array.from({ length: failure + 2 }, (_, index) => `0:a:${index + 1}`));
    }
    await answer(12);
    expect(a.entries).toEqual([]);
    expect(shipping.lastFailure).toBeUndefined();
  });

  it('does not let a sick partition hold up the others', async () => {
    const sick = aggregate('sick', 1);
    shipping.add(0, sick);
    shipping.add(1, aggregate('well', 1));
    await turn();
    await answer(0, new Error('one of them'));
    jest.advanceTimersByTime(200);
    await turn();
    expect(sent().slice(1)).toEqual([['0:sick:1'], ['1:well:1']]);
    await answer(2);
    shipping.add(1, aggregate('next', 1));
    await turn();
    expect(sent()[3]).toEqual(['1:next:1']);
    expect([shipping.isFailing('notes', 0), shipping.isFailing('notes', 1)]).toEqual([true, false]);
  });

  it('finds the one message that is too large without blaming or delaying any other', async () => {
    for (let n = 0; n < 5; n++) shipping.add(0, aggregate(`a${n}`, 1));
    shipping.add(1, aggregate('alone', 1));
    await turn();
    for (let index = 0; index < broker.requests.length; index++) {
      const large = broker.requests[index]?.messages.includes('0:a3:1');
      await answer(index, large ? new TooLarge() : undefined);
    }
    expect(refused).toEqual(['a3']);
    const last = broker.requests.findLast(({ messages }) => messages.includes('0:a3:1'));
    expect(last?.messages).toEqual(['0:a3:1']);
    const delivered = sent().filter((messages) => !messages.includes('0:a3:1'));
    expect(delivered.flat().sort()).toEqual(['0:a0:1', '0:a1:1', '0:a2:1', '0:a4:1', '1:alone:1']);
  });

  it('does not send again what was refused, though more of it came meanwhile', async () => {
    const large = aggregate('large', 1);
    shipping.add(0, large);
    await turn();
    large.merge([entry(2)]);
    shipping.add(0, large);
    await answer(0, new TooLarge());
    expect(refused).toEqual(['large']);
    expect(sent()).toHaveLength(1);
  });

  it('drops what waits for a failing partition when memory is short, the failed request included', async () => {
    shipping.add(0, aggregate('flying', 1));
    await turn();
    shipping.add(0, aggregate('waiting', 1));
    crowded = true;
    await answer(0, new Error('no leader'));
    jest.advanceTimersByTime(10_000);
    await turn();
    expect(dropped.sort()).toEqual(['flying', 'waiting']);
    expect(sent()).toHaveLength(1);
  });

  it('starts nothing more once it is stopped, and leaves no timer', async () => {
    shipping.add(0, aggregate('a', 1));
    await turn();
    shipping.stop();
    shipping.add(0, aggregate('b', 1));
    await answer(0, new Error('closed'));
    expect(jest.getTimerCount()).toBe(0);
    expect(sent()).toHaveLength(1);
    expect(shipping.idle).toBe(true);
  });
});
