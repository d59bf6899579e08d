import { mongo } from 'mongoose';
import type { Details } from './customer';
import { kafka, topic } from './kafka';

// Keeps the copy of the customers: one bulk write for what one fetch brought, gated by the version.

interface Replica extends Omit<Details, 'creditCards'> {
  _id: mongo.ObjectId;
  version: number;
}

const DURABLE = { writeConcern: { w: 'majority', j: true } } as const;

function operationOf(value: Buffer | null, version: number): mongo.AnyBulkWriteOperation<Replica> {
  const { id, ...details } = JSON.parse(String(value)) as Omit<Replica, '_id'> & { id: string };
  const filter = { _id: new mongo.ObjectId(id), version: { $not: { $gte: version } } };
  return { replaceOne: { filter, replacement: { ...details, version }, upsert: true } };
}

async function apply(replicas: mongo.Collection<Replica>, operations: mongo.AnyBulkWriteOperation<Replica>[]) {
  try {
    await replicas.bulkWrite(operations, { ...DURABLE, ordered: false });
  } catch (error) {
    // there already, or newer
    if (!(error instanceof mongo.MongoBulkWriteError) || error.code !== 11_000) throw error;
  }
}

async function main(): Promise<void> {
  const client = await mongo.MongoClient.connect(process.env['MONGODB_URI'] ?? '');
  const replicas = client.db().collection<Replica>('customers');
  const consumer = kafka.consumer({ groupId: 'floor-orders', maxWaitTimeInMs: 500, maxBytesPerPartition: 512 * 1024 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    partitionsConsumedConcurrently: 3,
    eachBatch: async ({ batch: { messages } }) => {
      const operations = messages.map(({ value, headers }) =>
        operationOf(value, Number(headers?.['ce_aggregateversion'])),
      );
      await apply(replicas, operations);
    },
  });
  process.send?.('ready');
}

void main();
