import { mongo } from 'mongoose';
import { Access, applyOption, jsonOption } from './access';
import { runCommand } from './command';
import { say } from './command-line';
import { serviceStore, type ServiceStore } from './mongodb/service-store';
import { type MigratedOrder, oldOrdersOf, type Refused } from './old-orders';
import { terminalWidth, wrapped } from './terminal';
import { WrongCall } from './wrong-call';

const LONGEST_LIST = 100;
/** What --json shows. */
const MOST_REFUSED = 10_000;
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

runCommand({
  name: 'migrate:orders',
  calls: ['[--apply] [--json]'],
  about: `
Adds the orders that an original Orders keeps inside its customers (collection customer.orders) to the orders of this one (collection orders).
Without --apply it shows how many there are and which cannot be taken, and why. It changes and removes nothing that is there, and may be run
again. Ends with 1 when some cannot be taken. Read docs/operations/moving-from-the-originals.md first.`,
  options: {
    ...applyOption,
    mongodb: {
      type: 'string',
      takes: '<uri>',
      says: 'the database of Orders (MONGODB_URI, else that of the npm start that runs on this folder)',
    },
    ...jsonOption,
  },
  environment: {
    MONGODB_URI: 'as --mongodb; the database is orders where it names none; MONGODB_URI_FILE names a file',
    'MONGODB_USERNAME, MONGODB_PASSWORD, MONGODB_TLS_CA_FILE':
      'the user where the address names none, and the authority of its certificate: as Orders reads them',
  },
  run: async ({ apply, mongodb, json }) => {
    const { uri, database, options } = storeOf(mongodb);
    const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: 10_000, ...options });
    try {
      await client.connect();
      const counts = await migrate(client.db(database), apply);
      if (json) say(JSON.stringify({ applied: apply, ...counts }, null, 2));
      else tell(counts, apply);
      return counts.refusedInAll === 0 ? 0 : 1;
    } finally {
      await client.close();
    }
  },
});

function storeOf(given: string | undefined): ServiceStore {
  const store = serviceStore('orders', { given, running: new Access({}).mongoUri });
  if (store) return store;
  throw new WrongCall('Where is the database of Orders? Give --mongodb or MONGODB_URI.');
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
    counts.refused.push(...refused.slice(0, MOST_REFUSED - counts.refused.length));
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

/** As Orders keeps ids (`documentId` of its messaging, which commands do not import). */
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
  for (const { customerId, guid, why } of refused.slice(0, LONGEST_LIST))
    say(wrapped(`cannot be taken: customer ${customerId}, order ${guid ?? '?'}: ${why}`, terminalWidth()));
  const more = refusedInAll - Math.min(refused.length, LONGEST_LIST);
  if (more > 0) say(`… and ${more} more that cannot be taken; --json names up to ${MOST_REFUSED}`);
  say(applied ? `${added} added` : 'Nothing was changed: --apply adds them.');
}
