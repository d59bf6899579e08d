import { eventTypes, type FulfillmentRequest, fulfillmentRequests } from '@storefront/contracts';
import { type Admin, Kafka, logLevel, type Message, Partitioners, type Producer } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { exampleHeaders } from '../../../libs/contracts/examples/event-examples';
import { recordedOn } from '../../../libs/contracts/examples/recorded-messages';

/** Stands in for Orders: asks for fulfillments as it, or the original service, would. */
export class NeighbouringOrders {
  private constructor(private readonly producer: Producer) {}

  static async open(): Promise<NeighbouringOrders> {
    const kafka = new Kafka({ brokers: (process.env.KAFKA_BROKERS ?? '').split(','), logLevel: logLevel.NOTHING });
    await createTopic(kafka.admin());
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    return new NeighbouringOrders(producer);
  }

  /** As our Orders asks. */
  async request(...requests: FulfillmentRequest[]): Promise<void> {
    await this.send(
      ...requests.map((request) => ({
        key: request.order.guid,
        value: JSON.stringify(request),
        headers: {
          ...exampleHeaders({
            topic: fulfillmentRequests,
            type: eventTypes.fulfillmentRequested,
            key: request.order.guid,
            version: 3,
          }),
          ce_id: randomUUID(),
        },
      })),
    );
  }

  /** Records reach one partition in this order, in one batch. */
  async send(...messages: Message[]): Promise<void> {
    const records = messages.map((message) => ({ partition: 0, ...message }));
    await this.producer.send({ topic: fulfillmentRequests.name, messages: records, acks: -1 });
  }

  close(): Promise<void> {
    return this.producer.disconnect();
  }
}

/** A request as the original Orders sent it, without key and version, for another order. */
export function recordedRequest(guid: string): Message {
  const record = recordedOn(fulfillmentRequests);
  const { order } = JSON.parse(record.value) as FulfillmentRequest;
  return { key: null, headers: record.headers, value: record.value.replaceAll(order.guid, guid) };
}

async function createTopic(admin: Admin): Promise<void> {
  const { name, partitions } = fulfillmentRequests;
  await admin.connect();
  const topics = (await admin.listTopics()).includes(name) ? [] : [{ topic: name, numPartitions: partitions }];
  // another spec may be faster
  await admin.createTopics({ topics, waitForLeaders: true }).catch(() => undefined);
  await admin.disconnect();
}
