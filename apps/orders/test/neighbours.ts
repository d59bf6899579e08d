import { randomUUID } from 'node:crypto';
import {
  type CustomerChange,
  customerChanges,
  eventTypes,
  type OrderStatusEvent,
  orderStatusChanges,
} from '@storefront/contracts';
import { type ExampleOf, exampleHeaders } from '../../../libs/contracts/examples/event-examples';
import { recordedMessages } from '../../../libs/contracts/examples/recorded-messages';
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
  const headers = headersOf({ topic: customerChanges, type: eventTypes.customerChanged, key: customer.id, version });
  return { key: customer.id, value: JSON.stringify(customer), headers };
}

export function deletionOf(id: string, version: number): Message {
  return {
    key: id,
    value: null,
    headers: headersOf({ topic: customerChanges, type: eventTypes.customerDeleted, key: id, version }),
  };
}

export function statusOf(
  guid: string,
  orderStatusEvent: OrderStatusEvent,
  version: number,
  previousVersion = version - 1,
): Message {
  const headers = headersOf({
    topic: orderStatusChanges,
    type: eventTypes.orderStatusChanged,
    key: guid,
    version,
    previousVersion,
  });
  return { key: guid, value: JSON.stringify({ guid, orderStatusEvent }), headers };
}

/** Records as the original services sent them (no key, no version), with their ids replaced. */
export function recorded(topic: string, ...[recordedId, id]: [recordedId: string, id: string]): Message[] {
  return recordedMessages
    .filter((record) => record.topic === topic && record.value.includes(recordedId))
    .map(({ headers, value }) => ({ key: null, headers, value: value.replaceAll(recordedId, id) }));
}

function headersOf(of: ExampleOf): Record<string, string> {
  return { ...exampleHeaders({ previousVersion: of.version - 1, ...of }), ce_id: randomUUID() };
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
