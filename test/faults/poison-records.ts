import type { IHeaders, Message } from 'kafkajs';
import { customerBody } from '../system/bodies';
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

/** Nothing would be wrong with it, were it not for its headers. */
const complete: Record<TopicName, (id: string) => object> = {
  'accounts.customer.change': (id) => ({ id, ...person(id) }),
  'orders.order.fulfill': (guid) => ({
    timestamp: 1,
    ...person(guid),
    address: person(guid).addresses[0],
    order: {
      guid,
      orderStatusEvents: ['CREATED', 'APPROVED'].map((orderStatusType) => ({
        timestamp: 1,
        orderStatusType,
        note: null,
      })),
      orderItems: [{ product: { guid, title: 'Poison', description: null, price: 1 }, quantity: 1 }],
    },
  }),
  'fulfillment.order.change': (guid) => ({
    guid,
    orderStatusEvent: { timestamp: 1, orderStatusType: 'PROCESSING', note: null },
  }),
};

const person = customerBody as (mark: string) => { addresses: object[] };

/** What is said of versions that are none; `previous` where the topic asks for it. */
const absurd: Record<string, { version: string; previous?: string }> = {
  'a negative version': { version: '-1' },
  'an endless version': { version: '1e999' },
  'a version no number holds': { version: '9007199254740993' },
  'a version before itself': { version: '2', previous: '2' },
};

/** One of each kind that no consumer of the topic can apply. `mark` makes their ids different from those of another set. */
export function poisonsFor(topic: TopicName, mark: string): Poison[] {
  const id = (kind: string) => `poison-${kind.replaceAll(' ', '-')}-${mark}`;
  const value = (kind: string) => JSON.stringify(incomplete[topic](id(kind)));
  const own = (kind: string, message: Message): Poison => ({
    kind,
    aggregate: id(kind),
    message: { key: id(kind), ...message },
  });
  const alone = (kind: string, message: Message): Poison => ({ kind, aggregate: undefined, message });
  const isState = topic === 'accounts.customer.change';
  return [
    own('broken JSON', { value: '{"id":"' }),
    own('no object', { value: '["id"]' }),
    own('a number', { value: '7' }),
    own('missing field', { key: null, value: value('missing field') }),
    own('future type', {
      value: JSON.stringify(complete[topic](id('future type'))),
      headers: versioned('1', '0', 'storefront.weather.changed'),
    }),
    // a deleted customer has at least his key
    isState ? alone('no value', { key: null, value: null }) : own('no value', { value: null }),
    alone('no key', { key: null, value: '{"what":"ever"}' }),
    alone('binary key', { key: Buffer.from([0xff, 0xfe, 0x00, 0x80]), value: Buffer.from([0xc3, 0x28, 0x00, 0xff]) }),
    ...Object.entries(absurd).map(([kind, { version, previous = '0' }]) =>
      own(kind, { value: JSON.stringify(complete[topic](id(kind))), headers: versioned(version, previous) }),
    ),
    {
      kind: 'prototype',
      aggregate: '__proto__',
      message: {
        key: '__proto__',
        value: '{"__proto__":{"id":"x","guid":"x"},"constructor":{"prototype":{"polluted":true}}}',
        headers: Object.fromEntries([
          ['__proto__', mark],
          ['constructor', 'x'],
          ['toString', ''],
          ['twice', ['one', 'two']],
        ]),
      },
    },
    {
      kind: 'operators',
      aggregate: '$where',
      message: {
        key: '$where',
        value: '{"$set":{"version":1},"$where":"sleep(1000)","a.b":[{"$gt":""}]}',
        headers: { $inc: mark, 'a.b': '$unset' },
      },
    },
  ];
}

function versioned(version: string, previous: string, type?: string): IHeaders {
  return { ce_aggregateversion: version, ce_previousversion: previous, ...(type && { ce_type: type }) };
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
