import type { BatchRecord } from '../system/record-batch';
import type { TopicName } from '../faults/poison-records';

/** A record that no reader can apply, and that costs a careless one more than it costs its sender. */
export interface Hostile {
  readonly kind: string;
  readonly record: BatchRecord;
}

const KB = 1_000;
type Headers = NonNullable<BatchRecord['headers']>;

const headers = (count: number, header: (index: number) => Headers[number]): Headers =>
  Array.from({ length: count }, (_, index) => header(index));
const numbered = (index: number) => index.toString(36).padStart(5, 'x');

const changed: Record<TopicName, string> = {
  'accounts.customer.change': 'storefront.customer.changed',
  'orders.order.fulfill': 'storefront.order.fulfillment-requested',
  'fulfillment.order.change': 'storefront.order.status-changed',
};

/** Headers in every wrong size: many names, one name many times, names without text, names and texts without end. */
export function headerFlood(topic: TopicName, mark: string): Hostile[] {
  const type = ['ce_type', changed[topic]] as const;
  const one = (kind: string, hostile: Headers, key = `flood-${kind.replaceAll(' ', '-')}-${mark}`): Hostile => ({
    kind,
    record: { key, value: '{"id":"', headers: hostile },
  });
  return [
    one(
      '8000 names',
      headers(8_000, (index) => [numbered(index), 'x']),
    ),
    one('a value of 1 MB', [['x', Buffer.alloc(1_000 * KB, 'x')]]),
    one('a name of 1 MB', [['x'.repeat(1_000 * KB), '']]),
    one(
      'prototypes',
      headers(2_000, (index) => [['__proto__', 'constructor', 'toString'][index % 3] ?? '', 'x']),
    ),
    one('a type of 300 KB', [['ce_type', 'x'.repeat(300 * KB)]]),
    one('a type of digits', [['ce_type', '4111 1111 '.repeat(30 * KB)]]),
    one('a type of brackets', [['ce_type', '{"a":['.repeat(50 * KB)]]),
    one('one name 8000 times', [type, ...headers(8_000, () => ['twice', 'x'])]),
    one(
      '100000 names without text',
      headers(100_000, () => ['', null]),
    ),
    one('a version of 500 KB', [type, ['ce_aggregateversion', '9'.repeat(500 * KB)], ['ce_previousversion', '0']]),
    one('a trace of 500 KB', [type, ['traceparent', `00-${'a'.repeat(500 * KB)}`]]),
    one('an id of 500 KB', [type, ['ce_id', 'x'.repeat(500 * KB)], ['ce_subject', '\n'.repeat(100 * KB)]]),
    one('a key of 500 KB', [type], `flood-${mark}-${'k'.repeat(500 * KB)}`),
  ];
}

/** Unreadable records that belong together. */
export interface Flood {
  readonly kind: string;
  readonly records: readonly BatchRecord[];
  /** How many fit into one batch. */
  readonly perBatch: number;
}

/** More than one lane holds: 1,000 records, or 4 MiB. */
export function laneFlooded(mark: string): Flood[] {
  const broken = (key: string, count: number, value = '{"id":"') =>
    Array.from({ length: count }, () => ({ key, value }));
  return [
    { kind: '1,200 unreadable records of one key', records: broken(`many-${mark}`, 1_200), perBatch: 400 },
    { kind: '9 MB of one key', records: broken(`large-${mark}`, 10, `"${'x'.repeat(900 * KB)}`), perBatch: 1 },
  ];
}

/** Unreadable records that would need so many lanes: of a key each, and of none at all. */
export function lanesFlooded(mark: string, count: number): Flood[] {
  const broken = (key: (index: number) => string | null) =>
    Array.from({ length: count }, (_, index) => ({ key: key(index), value: '{"id":"' }));
  return [
    { kind: `${count} bad keys`, records: broken((index) => `key-${mark}-${index}`), perBatch: 400 },
    { kind: `${count} records without a key`, records: broken(() => null), perBatch: 400 },
  ];
}
