import { canonicalId } from '@storefront/contracts';
import { mongo } from 'mongoose';
import { Access, applyOption, jsonOption } from './access';
import { runCommand } from './command';
import { say } from './command-line';
import { serviceStore } from './mongodb/service-store';
import { terminalWidth, wrapped } from './terminal';
import { WrongCall } from './wrong-call';

const LONGEST_LIST = 100;
const WRITES_AT_ONCE = 500;
/** UUIDs in which a letter is in upper case. Ids of 24 digits are no texts in the store. */
const upperCase = { $regex: '^(?=.*[A-F])[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$' };
const durable = { writeConcern: { w: 'majority', journal: true } } as const;

interface CustomerDocument {
  readonly _id: string;
  readonly version?: number;
}

interface Counts {
  /** Customers under another spelling than that in which they are looked for. */
  found: number;
  moved: number;
  /** Orders of such customers. */
  orders: number;
  /** Customers whose id in lower case somebody else has: they are left as they are. */
  readonly taken: string[];
}

runCommand({
  name: 'migrate:ids',
  calls: ['--service accounts [--apply] [--json]', '--service orders [--apply] [--json]'],
  about: `
Moves the customers whose UUID an original service, or an earlier version of Accounts, has stored with letters in upper case to the same id in lower case,
under which they are looked for: in the database of Accounts, or of Orders with their orders. Stop the service first. Without --apply it shows
them. It may be run again. Ends with 1 when the id in lower case is another customer's: a person has to decide which one it is. Read
docs/operations/moving-from-the-originals.md first.`,
  options: {
    service: { type: 'string', takes: '<name>', says: 'accounts or orders' },
    ...applyOption,
    mongodb: {
      type: 'string',
      takes: '<uri>',
      says: 'its database (MONGODB_URI, else that of the npm start that runs on this folder)',
    },
    ...jsonOption,
  },
  environment: {
    MONGODB_URI: 'as --mongodb; the database is that of the service where it names none; MONGODB_URI_FILE names a file',
    'MONGODB_USERNAME, MONGODB_PASSWORD, MONGODB_TLS_CA_FILE':
      'the user where the address names none, and the authority of its certificate: as the service reads them',
  },
  run: async ({ service, apply, mongodb, json }) => {
    if (service !== 'accounts' && service !== 'orders') throw new WrongCall('--service is accounts or orders.');
    const store = serviceStore(service, { given: mongodb, running: new Access({}).mongoUri });
    if (!store) throw new WrongCall(`Where is the database of ${service}? Give --mongodb or MONGODB_URI.`);
    const client = new mongo.MongoClient(store.uri, { serverSelectionTimeoutMS: 10_000, ...store.options });
    try {
      await client.connect();
      const db = client.db(store.database);
      const counts: Counts = { found: 0, moved: 0, orders: 0, taken: [] };
      await moveCustomers(db.collection(service === 'accounts' ? 'customer.accounts' : 'customers'), counts, {
        apply,
        // a copy: its owner tells it again
        isCopy: service === 'orders',
      });
      if (service === 'orders') counts.orders = await renameInOrders(db.collection('orders'), apply);
      if (json) say(JSON.stringify({ applied: apply, ...counts }, null, 2));
      else tell(counts, apply);
      return counts.taken.length === 0 ? 0 : 1;
    } finally {
      await client.close();
    }
  },
});

async function moveCustomers(
  customers: mongo.Collection<CustomerDocument>,
  counts: Counts,
  { apply, isCopy }: { apply: boolean; isCopy: boolean },
): Promise<void> {
  for await (const customer of customers.find({ _id: upperCase }, { batchSize: WRITES_AT_ONCE })) {
    const { _id: old, ...rest } = customer;
    const _id = canonicalId(old);
    counts.found++;
    const there = await customers.findOne({ _id });
    // a run that was ended in between has left both
    const isCopied = there !== null && isAlike({ ...there, _id: old }, customer);
    const isTaken = there !== null && !isCopied;
    if (isTaken && !isCopy) counts.taken.push(old);
    if (!apply || (isTaken && !isCopy)) continue;
    if (!there) await customers.insertOne({ _id, ...rest }, durable);
    const { deletedCount } = await customers.deleteOne(
      { _id: old, version: customer.version ?? null } as never,
      durable,
    );
    if (deletedCount === 0) throw new Error(`${old} was changed meanwhile: stop the service, and run it again.`);
    counts.moved++;
  }
}

function isAlike(one: object, other: object): boolean {
  return Buffer.from(mongo.BSON.serialize(one)).equals(mongo.BSON.serialize(other));
}

async function renameInOrders(orders: mongo.Collection, apply: boolean): Promise<number> {
  let writes: mongo.AnyBulkWriteOperation[] = [];
  let renamed = 0;
  const write = async () => {
    if (apply && writes.length > 0) await orders.bulkWrite(writes, { ...durable, ordered: false });
    writes = [];
  };
  for await (const { _id, customerId } of orders.find({ customerId: upperCase }, { projection: { customerId: 1 } })) {
    const change = { $set: { customerId: canonicalId(String(customerId)) } };
    writes.push({ updateOne: { filter: { _id, customerId }, update: change } });
    renamed++;
    if (writes.length === WRITES_AT_ONCE) await write();
  }
  await write();
  return renamed;
}

function tell({ found, moved, orders, taken }: Counts, applied: boolean): void {
  say(`${found} customers have letters in upper case in their id, and ${orders} orders are theirs`);
  for (const id of taken.slice(0, LONGEST_LIST))
    say(wrapped(`left as it is: ${id}, because ${canonicalId(id)} is there too`, terminalWidth()));
  if (taken.length > LONGEST_LIST) say(`… and ${taken.length - LONGEST_LIST} more; --json names all`);
  say(applied ? `${moved} customers moved, ${orders} orders changed` : 'Nothing was changed: --apply moves them.');
}
