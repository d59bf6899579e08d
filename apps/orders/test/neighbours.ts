import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CustomerChange,
  customerChanges,
  eventTypes,
  type OrderStatusEvent,
  orderStatusChanges,
} from '@storefront/contracts';
import { type Admin, Kafka, logLevel, type Message, Partitioners, type Producer } from 'kafkajs';

/** Stands in for Accounts and Fulfillment: puts on their topics what they, or the original services, would. */
export class Neighbours {
  private constructor(private readonly producer: Producer) {}

  static async open(): Promise<Neighbours> {
    const kafka = new Kafka({ brokers: (process.env.KAFKA_BROKERS ?? '').split(','), logLevel: logLevel.NOTHING });
    await createTopics(kafka.admin());
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    return new Neighbours(producer);
  }

  /** Records reach one partition of the topic in this order, in one batch. */
  async send(topic: string, ...records: Message[]): Promise<void> {
    const messages = records.map((record) => ({ partition: 1, ...record }));
    await this.producer.send({ topic, messages, acks: -1 });
  }

  close(): Promise<void> {
    return this.producer.disconnect();
  }
}

export function changeOf(customer: CustomerChange, version: number): Message {
  const headers = headersOf(eventTypes.customerChanged, customer.id, version, version - 1);
  return { key: customer.id, value: JSON.stringify(customer), headers };
}

export function deletionOf(id: string, version: number): Message {
  return { key: id, value: null, headers: headersOf(eventTypes.customerDeleted, id, version, version - 1) };
}

export function statusOf(
  guid: string,
  orderStatusEvent: OrderStatusEvent,
  version: number,
  previousVersion = version - 1,
): Message {
  const headers = headersOf(eventTypes.orderStatusChanged, guid, version, previousVersion);
  return { key: guid, value: JSON.stringify({ guid, orderStatusEvent }), headers };
}

/** Records as the original services sent them (no key, no version), with their ids replaced. */
export function recorded(topic: string, ...[recordedId, id]: [recordedId: string, id: string]): Message[] {
  const file = join(__dirname, '../../../libs/contracts/recorded/messages.jsonl');
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { topic: string; headers: Record<string, string>; value: string })
    .filter((record) => record.topic === topic && record.value.includes(recordedId))
    .map(({ headers, value }) => ({ key: null, headers, value: value.replaceAll(recordedId, id) }));
}

function headersOf(type: string, subject: string, version: number, previousVersion: number): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: randomUUID(),
    ce_source: '/test',
    ce_type: type,
    ce_subject: subject,
    ce_time: new Date().toISOString(),
    ce_aggregateversion: String(version),
    ce_previousversion: String(previousVersion),
    'content-type': 'application/json',
  };
}

async function createTopics(admin: Admin): Promise<void> {
  await admin.connect();
  const existing = await admin.listTopics();
  const topics = [customerChanges, orderStatusChanges]
    .filter(({ name }) => !existing.includes(name))
    .map(({ name, partitions }) => ({ topic: name, numPartitions: partitions }));
  // another spec may be faster
  await admin.createTopics({ topics, waitForLeaders: true }).catch(() => undefined);
  await admin.disconnect();
}
