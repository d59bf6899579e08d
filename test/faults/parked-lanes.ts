import type { Message } from 'kafkajs';
import { command, type Ended } from '../system/command';
import type { Storefront } from '../system/storefront';
import { parkedIn, parkedOf, type Poison, type TopicName } from './poison-records';
import { unless, type Violation } from './violation';

export type Consumer = 'orders' | 'fulfillment';
export const consumers = ['orders', 'fulfillment'] as const;

export const consumerOf: Record<TopicName, Consumer> = {
  'accounts.customer.change': 'orders',
  'orders.order.fulfill': 'fulfillment',
  'fulfillment.order.change': 'orders',
};

interface Expectation {
  readonly consumer: Consumer;
  readonly lane: string;
  /** The record, as `parkedOf` tells it. */
  readonly record: string;
}

/** What must wait in the lanes, no more and no less, and byte by byte as it was sent. */
export class ParkedLanes {
  private readonly expected: Expectation[] = [];

  constructor(private readonly storefront: Storefront) {}

  get ids(): string[] {
    return this.expected.map(({ lane }) => lane);
  }

  get size(): number {
    return this.expected.length;
  }

  /** Sends it to a partition, and expects it where it must end. */
  async poison(topic: TopicName, { message, aggregate }: Poison, partition: number): Promise<void> {
    const offset = await this.storefront.topics.send(topic, [{ ...message, partition }]);
    this.expect(topic, aggregate === undefined ? `${topic}:${partition}:${offset}` : `${topic}|${aggregate}`, message);
  }

  expect(topic: TopicName, lane: string, message: Message): void {
    this.expected.push({ consumer: consumerOf[topic], lane, record: parkedOf(lane, message) });
  }

  async differences(): Promise<Violation[]> {
    const found = await Promise.all(
      consumers.map(async (service) => {
        const wanted = this.expected.filter(({ consumer }) => consumer === service).map(({ record }) => record);
        const parked = (await this.storefront.stores.lanes(service).find().toArray()).flatMap(parkedIn);
        const missing = without(wanted, parked).map((record) => `not parked by ${service} as it came: ${record}`);
        return [...missing, ...without(parked, wanted).map((record) => `parked by ${service}: ${record}`)];
      }),
    );
    return found.flat().map((text) => ({ kind: 'other', text }));
  }

  /** Gives everything up: one record of each service by the command line, the others by the endpoint behind it. */
  async discardAll(): Promise<Violation[]> {
    const violations = await Promise.all(consumers.map((service) => discardAllOf(this.storefront, service)));
    return violations.flat();
  }
}

/** `npm run parked -- …` at this service. */
export function parked(storefront: Storefront, service: Consumer, ...args: string[]): Promise<Ended> {
  return command('parked', [...args, '--url', storefront.url(service)], storefront.operations);
}

async function discardAllOf(storefront: Storefront, service: Consumer): Promise<Violation[]> {
  const lanes = await storefront.stores.lanes(service).find().sort({ _id: 1 }).toArray();
  const given = lanes.flatMap(({ _id, events }) => events.map(({ position }) => ({ lane: _id, position })));
  const violations: Violation[] = [];
  for (const [index, { lane, position }] of given.entries()) {
    const answer = await (index === 0 ? discardByHand : discardByHttp)(storefront, { service, lane, position });
    violations.push(...unless(answer === 'done', `discard of ${lane} ${position}: ${answer}`));
  }
  const { stdout } = await parked(storefront, service, 'list');
  return [...violations, ...unless(stdout === 'Nothing is parked.\n', `after discarding, ${service} has ${stdout}`)];
}

interface Given {
  readonly service: Consumer;
  readonly lane: string;
  readonly position: string;
}

const reason = 'poison of a fault test';

async function discardByHand(storefront: Storefront, { service, lane, position }: Given): Promise<string> {
  const args = ['discard', lane, '--position', position, '--reason', reason, '--apply'];
  const { code, stderr } = await parked(storefront, service, ...args);
  return code === 0 ? 'done' : stderr;
}

async function discardByHttp(storefront: Storefront, { service, lane, position }: Given): Promise<string> {
  const { username, password } = storefront.management;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const path = `/actuator/parked/${encodeURIComponent(lane)}/discard`;
  const { status, text } = await storefront.client(service)('POST', path, { position, reason }, { authorization });
  return status === 200 ? 'done' : `${status} ${text}`;
}

function without(records: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return records.filter((record) => {
    const index = left.indexOf(record);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}
