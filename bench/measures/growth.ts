import { mongo } from 'mongoose';
import { randomUUID } from 'node:crypto';
import { customerBody } from '../../test/system/bodies';
import type { Contender } from '../rig/rig';
import { type Measure, type Result, scaled } from './measure';
import { measureRequests, type RequestLoad } from './request-load';
import { senders } from './requests';

const SIZES = [1_000, 10_000, 100_000];
const BATCH = 1_000;
/** The store reads all customers for a page: few come in a second, and several at once only wait for each other. */
const pages = { warmUp: 200, concurrency: 1 };
const posts = { warmUp: 200 };

/** Pages of all contenders, and what else there is of the storefront, at every size. */
export const growth: Measure = {
  name: 'growth',
  about:
    'The same requests with 1,000, 10,000 and 100,000 customers. A page is a scan of the embedded store; our own CPU is what tells',
  rig: { yardsticks: true },
  async measure(bench) {
    const { contenders, storefront } = bench.rig;
    const ids = new Map<Contender, string[]>(contenders.map((contender) => [contender, []]));
    const results: Result[] = [];
    for (const size of SIZES.map((each) => scaled(each, bench))) {
      await removePosted(storefront);
      for (const [contender, known] of ids) await fill(contender, known, size);
      const customers = `${size.toLocaleString('en')} customers`;
      const load = (contender: Contender, request: keyof typeof senders, how?: Partial<RequestLoad>) => ({
        of: `${contender.name}, ${request}, ${customers}`,
        pids: contender.pids,
        send: senders[request](contender, ids.get(contender) ?? []),
        ...how,
      });
      bench.say(` ${customers}`);
      const reads = [...contenders.map((each) => load(each, 'GET page of 20', pages)), load(storefront, 'GET item')];
      results.push(...(await measureRequests(bench, reads)));
      // not between pages: it adds customers
      results.push(...(await measureRequests(bench, [load(storefront, 'POST customer', posts)])));
    }
    return results;
  },
};

/** What the last size's POSTs have added: all contenders are to have as many. */
async function removePosted({ customers }: Contender): Promise<void> {
  await customers.deleteMany({ 'contact.email': /^bench/ });
}

/** Straight into the store, as each contender would have written them, until there are so many. */
async function fill({ name, customers }: Contender, ids: string[], size: number): Promise<void> {
  while (ids.length < size) {
    const documents = Array.from({ length: Math.min(BATCH, size - ids.length) }, () => ({
      _id: new mongo.ObjectId(),
      ...customerBody(`grown${ids.length}`),
      ...(name === 'nest-defaults' ? { __v: 0 } : { version: 1, outbox: [], recentEventIds: [randomUUID()] }),
    }));
    await customers.insertMany(documents);
    ids.push(...documents.map(({ _id }) => _id.toHexString()));
  }
  // the first scan after so many inserts takes longer than a service waits
  await customers.find().sort({ _id: 1 }).limit(1).toArray();
}
