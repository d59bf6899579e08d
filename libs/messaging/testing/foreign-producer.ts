import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Message, type Producer, type Transaction } from 'kafkajs';
import type { Topic } from '../src/topic';
import { settings } from './harness';

/** A producer of another system, which writes in transactions; kafkajs as it is, without the repairs of this library. */
export class ForeignProducer {
  private constructor(private readonly producer: Producer) {}

  /** A transaction that is left open is aborted by the broker after `transactionTimeoutMs`, and up to 10 s more. */
  static async connect(transactionTimeoutMs = 60_000): Promise<ForeignProducer> {
    const client = new Kafka({ brokers: settings().brokers.slice(), clientId: 'foreign', logLevel: logLevel.NOTHING });
    const producer = client.producer({
      transactionalId: `foreign-${randomUUID()}`,
      transactionTimeout: transactionTimeoutMs,
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // the broker makes the topic of transactions at the first of them
      retry: { retries: 20, initialRetryTime: 100, maxRetryTime: 1_000 },
    });
    await producer.connect();
    return new ForeignProducer(producer);
  }

  /** Begins a transaction and writes these records in it, to partition 0. */
  async begin(topic: Topic<unknown>, ...messages: Message[]): Promise<Transaction> {
    const transaction = await this.producer.transaction();
    await transaction.send({ topic: topic.name, messages: messages.map((each) => ({ ...each, partition: 0 })) });
    return transaction;
  }

  close(): Promise<void> {
    return this.producer.disconnect();
  }
}
