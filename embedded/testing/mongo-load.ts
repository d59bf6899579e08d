import { mongo } from 'mongoose';

const WRITERS = 8;

/** Inserts from several writers at once until the server is gone; notes the ids whose insert was acknowledged. */
export async function insertUntilFailure(uri: string, database: string, acknowledged: string[]): Promise<void> {
  const client = await mongo.MongoClient.connect(uri, { serverSelectionTimeoutMS: 3_000, retryWrites: false });
  const collection = client
    .db(database)
    .collection<{ _id: string; text: string }>('load', { writeConcern: { w: 'majority', journal: true } });
  const insert = async (writer: number) => {
    for (let count = 0; ; count++) {
      const _id = `${writer}-${count}`;
      try {
        await collection.insertOne({ _id, text: 'x'.repeat(300) });
      } catch {
        return; // killed, as planned
      }
      acknowledged.push(_id);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, async (_, writer) => insert(writer)));
  await client.close(true);
}
