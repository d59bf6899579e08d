import type { Message } from 'kafkajs';
import type { LaneDocument } from '../system/stores';

export interface Poison {
  kind: string;
  message: Message;
  /** The aggregate it waits for; undefined where nobody can tell: then it waits alone. */
  aggregate: string | undefined;
}

export type TopicName = 'accounts.customer.change' | 'orders.order.fulfill' | 'fulfillment.order.change';

/** Where the id is in a value of the topic, and what must be beside it. */
const incomplete: Record<TopicName, (id: string) => object> = {
  'accounts.customer.change': (id) => ({ id, name: null, addresses: [] }),
  'orders.order.fulfill': (guid) => ({ timestamp: 1, order: { guid, orderStatusEvents: [] } }),
  'fulfillment.order.change': (guid) => ({ guid, orderStatusEvent: { timestamp: 'today' } }),
};

/** One of each kind that no consumer of the topic can apply. `mark` makes their ids different from those of another set. */
export function poisonsFor(topic: TopicName, mark: string): Poison[] {
  const id = (kind: string) => `poison-${kind}-${mark}`;
  const value = (kind: string) => JSON.stringify(incomplete[topic](id(kind)));
  const poisons: Record<string, Message & { aggregate?: string }> = {
    'broken JSON': { key: id('json'), value: '{"id":"', aggregate: id('json') },
    'missing field': { key: null, value: value('field'), aggregate: id('field') },
    'unknown type': {
      key: id('type'),
      value: value('type'),
      headers: { ce_type: 'storefront.weather.changed', ce_aggregateversion: '1', ce_previousversion: '0' },
      aggregate: id('type'),
    },
    // a deleted customer has at least his key
    'no value': topic.startsWith('accounts')
      ? { key: null, value: null }
      : { key: id('none'), value: null, aggregate: id('none') },
    'binary key': { key: Buffer.from([0xff, 0xfe, 0x00, 0x80]), value: Buffer.from([0xc3, 0x28, 0x00, 0xff]) },
    prototype: {
      key: '__proto__',
      value: '{"__proto__":{"id":"x","guid":"x"},"constructor":{"prototype":{"polluted":true}}}',
      headers: Object.fromEntries([
        ['__proto__', mark],
        ['constructor', 'x'],
        ['toString', ''],
        ['twice', ['one', 'two']],
      ]),
      aggregate: '__proto__',
    },
  };
  return Object.entries(poisons).map(([kind, { aggregate, ...message }]) => ({ kind, message, aggregate }));
}

/** A parked record as one text, to be compared with one that was sent. */
export function parkedOf(lane: string, { key, value, headers = {} }: Message): string {
  const pairs = Object.entries(headers).flatMap(([name, values]) => [values].flat().map((one) => [name, hex(one)]));
  return JSON.stringify([lane, hex(key), hex(value), pairs]);
}

export function parkedIn({ _id, events }: LaneDocument): string[] {
  return events.map(({ key, value, headers }) =>
    JSON.stringify([
      _id,
      hex(key?.value()),
      hex(value?.value()),
      headers.map((one) => [one.name, hex(one.value?.value())]),
    ]),
  );
}

function hex(bytes: string | Uint8Array | null | undefined): string | null {
  return bytes === null || bytes === undefined ? null : Buffer.from(bytes as Uint8Array).toString('hex');
}
