import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { mongo } from 'mongoose';
import { messageOf, say } from './command-line';
import { type MigratedOrder, oldOrdersOf, type Refused } from './old-orders';

const usage = `
usage: npm run migrate:orders -- [--apply]

Adds the orders that an original Orders keeps inside its customers (collection customer.orders) to the orders of this one
(collection orders). Shows how many there are and which cannot be taken, and why; with --apply, adds them. It changes and
removes nothing that is there, and may be run again. Ends with 0, with 1 when some cannot be taken, with 2 when it could not be
done. Read docs/operations/moving-from-the-originals.md first.

  --apply    add them

  MONGODB_URI    the database of Orders (MONGODB_URI_FILE names a file)
`;

const LONGEST_LIST = 100;
/** A document has at most 16 MiB: so few are in memory at a time. */
const CUSTOMERS_AT_ONCE = 4;
const HEX_24 = /^[0-9a-f]{24}$/i;

interface OrderDocument {
  readonly _id: mongo.ObjectId | string;
}

interface Counts {
  customers: number;
  orders: number;
  there: number;
  approved: number;
  added: number;
  readonly refused: Refused[];
  refusedInAll: number;
}

async function main(): Promise<number> {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { apply: flag, help: { ...flag, short: 'h' } } });
  if (values.help) {
    say(usage.trim());
    return 0;
  }
  const client = new mongo.MongoClient(uri(), { serverSelectionTimeoutMS: 10_000 });
  try {
    await client.connect();
    const counts = await migrate(client.db(), values.apply);
    tell(counts, values.apply);
    return counts.refusedInAll === 0 ? 0 : 1;
  } finally {
    await client.close();
  }
}

function uri(): string {
  const { MONGODB_URI_FILE: file, MONGODB_URI: value } = process.env;
  const found = file ? readFileSync(file, 'utf8').trim() : value;
  if (!found) throw new Error('MONGODB_URI is not set: the URI of the database of Orders is expected.');
  return found;
}

async function migrate(db: mongo.Db, apply: boolean): Promise<Counts> {
  const counts: Counts = { customers: 0, orders: 0, there: 0, approved: 0, added: 0, refused: [], refusedInAll: 0 };
  const old = db.collection('customer.orders').find({}, { projection: { orders: 1 }, batchSize: CUSTOMERS_AT_ONCE });
  for await (const customer of old) {
    counts.customers++;
    const { orders, refused } = oldOrdersOf(String(customer._id), customer['orders']);
    counts.orders += orders.length;
    counts.approved += orders.filter(({ state }) => state.status === 'APPROVED').length;
    counts.refusedInAll += refused.length;
    counts.refused.push(...refused.slice(0, LONGEST_LIST - counts.refused.length));
    if (orders.length > 0) await add(db.collection<OrderDocument>('orders'), orders, { counts, apply });
  }
  return counts;
}

async function add(
  collection: mongo.Collection<OrderDocument>,
  orders: readonly MigratedOrder[],
  { counts, apply }: { counts: Counts; apply: boolean },
): Promise<void> {
  const ids = orders.map(({ guid }) => idOf(guid));
  if (!apply) {
    counts.there += await collection.countDocuments({ _id: { $in: ids } });
    return;
  }
  const { upsertedCount } = await collection.bulkWrite(
    orders.map(({ state }, index) => ({
      updateOne: {
        filter: { _id: ids[index] ?? '' },
        update: { $setOnInsert: { version: 1, ...state } },
        upsert: true,
      },
    })),
    { writeConcern: { w: 'majority', journal: true } },
  );
  counts.added += upsertedCount;
  counts.there += orders.length - upsertedCount;
}

/** As Orders keeps ids. */
function idOf(guid: string): mongo.ObjectId | string {
  return HEX_24.test(guid) ? new mongo.ObjectId(guid) : guid;
}

function tell({ customers, orders, there, approved, added, refused, refusedInAll }: Counts, applied: boolean): void {
  say(`customer.orders: ${orders} orders of ${customers} customers, ${there} of them are in orders already`);
  if (approved > 0) {
    say(
      `${approved} are APPROVED: one that an original Fulfillment has already would be delivered twice when it is fulfilled here`,
    );
  }
  for (const { customerId, guid, why } of refused)
    say(`cannot be taken: customer ${customerId}, order ${guid ?? '?'}: ${why}`);
  if (refusedInAll > refused.length) say(`… and ${refusedInAll - refused.length} more that cannot be taken`);
  say(applied ? `${added} added` : 'Nothing was changed: --apply adds them.');
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(2);
  },
);
