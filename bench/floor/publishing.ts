import { type Message, Partitioners } from 'kafkajs';
import type { mongo } from 'mongoose';
import type { Customer, Entry } from './customer';
import { kafka, topic } from './kafka';

const MAX_BATCH = 500;

interface Waiting {
  readonly _id: mongo.ObjectId;
  readonly entry: Entry;
}

/** One request at a time with all that waits, then one bulk write that empties the outboxes: what the storefront does, and no more. */
export async function publishing(customers: mongo.Collection<Customer>): Promise<(waiting: Waiting) => void> {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  let queue: Waiting[] = [];
  let isFlying = false;
  const fly = async () => {
    isFlying = true;
    while (queue.length > 0) {
      const batch = queue.slice(0, MAX_BATCH);
      queue = queue.slice(MAX_BATCH);
      await producer.send({ topic, acks: -1, messages: batch.map(messageOf) });
      void customers.bulkWrite(batch.map(clearOf), { ordered: false });
    }
    isFlying = false;
  };
  return (waiting) => {
    queue.push(waiting);
    // what is written in the same turn travels together
    if (!isFlying && queue.length === 1) setImmediate(() => void (isFlying || fly()));
  };
}

function messageOf({ _id, entry }: Waiting): Message {
  const key = _id.toHexString();
  return {
    key,
    value: entry.value,
    headers: {
      ce_specversion: '1.0',
      ce_id: entry.id,
      ce_source: '/floor',
      ce_type: 'storefront.customer.changed',
      ce_subject: key,
      ce_time: entry.occurredAt,
      ce_aggregateversion: String(entry.version),
      ce_previousversion: String(entry.version - 1),
      'content-type': 'application/json',
    },
  };
}

function clearOf({ _id, entry }: Waiting): mongo.AnyBulkWriteOperation<Customer> {
  return {
    updateOne: {
      filter: { _id, version: entry.version },
      update: { $set: { outbox: [] }, $unset: { outboxSince: 1 } },
    },
  };
}
