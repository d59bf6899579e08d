import { setTimeout as sleep } from 'node:timers/promises';
import { type Figures, spreads } from '../arithmetic/spread';
import { send } from '../load/http';
import { watchCpu } from '../rig/cpu';
import type { Rig } from '../rig/rig';
import { register } from './customers';
import { type Measure, type Result, scaled } from './measure';

const CUSTOMERS = 10_000;
const ORDERS_EACH = 5;
const PATIENCE_MS = 600_000;

const steps = [
  { path: 'process', status: 'PROCESSING' },
  { path: 'ship', status: 'SHIPPED' },
  { path: 'in-transit', status: 'IN_TRANSIT' },
  { path: 'receive', status: 'RECEIVED' },
] as const;

/** Once: it is as long as many runs of the others. */
export const journey: Measure = {
  name: 'journey',
  about:
    'The sample journey at size, step by step: 10,000 customers, 50,000 orders, 10,000 fulfillments and what became of them',
  rig: { yardsticks: false },
  async measure(bench) {
    const { rig } = bench;
    const count = scaled(CUSTOMERS, bench);
    const { orders, fulfillment } = rig.system.urls;
    const results: Result[] = [];
    const step = async (name: string, events: number, act: () => Promise<unknown>, isDone: () => Promise<boolean>) => {
      const figures = await timed(rig, events, async () => {
        await act();
        await until(name, isDone);
      });
      bench.say(`  ${name}: ${Math.round(figures['s'] ?? 0)} s`);
      results.push({ of: name, figures: spreads([figures]) });
    };
    const placed = rig.store.db('orders').collection('orders');
    const asked = rig.store.db('fulfillment').collection('fulfillment.requests');
    const isCopied = async () => (await rig.storefront.replicas.estimatedDocumentCount()) >= count;
    await step('customers, and their copies', count, () => register(rig.storefront, count), isCopied);
    const arePlaced = async () => (await placed.estimatedDocumentCount()) >= count * ORDERS_EACH;
    await step('orders', count * ORDERS_EACH, () => call(`${orders}/customers/sample/orders`), arePlaced);
    const areAsked = async () => (await asked.estimatedDocumentCount()) >= count;
    await step('requests for fulfillment', count, () => call(`${orders}/customers/sample/fulfill`), areAsked);
    for (const { path, status } of steps) {
      const moved = { status, fulfillmentVersion: { $gt: 0 } };
      const haveMoved = async () => (await placed.countDocuments(moved)) >= count;
      await step(
        `${status}, and in Orders`,
        count,
        () => call(`${fulfillment}/fulfillments/sample/${path}`),
        haveMoved,
      );
    }
    return results;
  },
};

async function timed({ system, enginePids }: Rig, events: number, work: () => Promise<void>): Promise<Figures> {
  const names = ['accounts', 'orders', 'fulfillment'] as const;
  const pids = Object.fromEntries(names.map((name) => [name, system.process(name).pid ?? 0]));
  const used = watchCpu({ ...pids, ...enginePids });
  const begin = performance.now();
  await work();
  const seconds = (performance.now() - begin) / 1_000;
  const cpu = Object.fromEntries(Object.entries(used()).map(([name, ms]) => [`${name} CPU s`, ms / 1_000]));
  return { s: seconds, 'a second': events / seconds, ...cpu };
}

async function call(url: string): Promise<void> {
  const { status, text } = await send('POST', url);
  if (status !== 200) throw new Error(`POST ${url} answered ${status}: ${text.slice(0, 300)}`);
}

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(250)) {
    if (await isTrue()) return;
  }
  throw new Error(`${what}: not within ${PATIENCE_MS / 1_000} s`);
}
