import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures } from '../arithmetic/spread';
import { type Sample, trends } from '../arithmetic/trend';
import { openLoop } from '../load/open-loop';
import type { Rig } from '../rig/rig';
import { vitals } from '../rig/vitals';
import { hasCaughtUp } from './copies';
import type { Measure } from './measure';
import { mixedLoad } from './mixed-load';

const services = ['accounts', 'orders', 'fulfillment', 'gateway'] as const;
const RATE = 40;
const SAMPLE_MS = 10_000;
/** Of the whole: five minutes of thirty. */
const WARM_UP = 1 / 6;
const CATCH_UP_MS = 60_000;

/** Once. */
export const longRun: Measure = {
  name: 'long-run',
  about:
    'A steady load of everything through the gateway, 40 requests a second: whether memory, file descriptors and what else a service holds grow',
  rig: { yardsticks: false },
  isLong: true,
  async measure({ rig, minutes, say }) {
    const durationMs = minutes * 60_000;
    const send = await mixedLoad(rig);
    let answered = 0;
    const counted = async (n: number) => {
      await send(n);
      answered++;
    };
    const look = async () => ({ 'load, requests': answered, ...(await documents(rig)), ...(await held(rig)) });
    const [, samples] = await Promise.all([
      openLoop({ ratePerSecond: RATE, durationMs, send: counted }),
      watch({ look, durationMs, say }),
    ]);
    if (!(await hasCaughtUp(rig.storefront, CATCH_UP_MS))) throw new Error('Orders is behind after the load.');
    const warm = samples.filter(({ atMs }) => atMs >= durationMs * WARM_UP);
    return Object.entries(trends(warm)).map(([of, figures]) => ({ of, figures }));
  },
};

interface Watch {
  readonly look: () => Promise<Figures>;
  readonly durationMs: number;
  readonly say: (line: string) => void;
}

/** Until the time is over; tells once a minute what it sees. */
async function watch({ look, durationMs, say }: Watch): Promise<Sample[]> {
  const begin = performance.now();
  const samples: Sample[] = [];
  for (let due = SAMPLE_MS; due <= durationMs; due += SAMPLE_MS) {
    await sleep(begin + due - performance.now());
    const figures = await look();
    samples.push({ atMs: performance.now() - begin, figures });
    if (due % 60_000 === 0) say(`  ${due / 60_000} min: ${services.map((name) => told(name, figures)).join('; ')}`);
  }
  return samples;
}

function told(name: string, figures: Figures): string {
  const figure = (what: string) => Math.round(figures[`${name}, ${what}`] ?? 0);
  return `${name} ${figure('RSS MB')} MB, ${figure('live heap MB')} MB live, ${figure('file descriptors')} files`;
}

/** What the load has made: the part of a growth that may be the data's. */
async function documents({ store }: Rig): Promise<Figures> {
  const count = (service: string, name: string) => store.db(service).collection(name).estimatedDocumentCount();
  const [customers, orders, fulfillments] = await Promise.all([
    count('accounts', 'customer.accounts'),
    count('orders', 'orders'),
    count('fulfillment', 'fulfillment.requests'),
  ]);
  return { 'load, customers': customers, 'load, orders': orders, 'load, fulfillments': fulfillments };
}

async function held(rig: Rig): Promise<Figures> {
  const all = services.map(async (name) =>
    Object.entries(await vitals(rig.pid(name), rig.system.urls[name])).map(
      ([what, value]) => [`${name}, ${what}`, value] as const,
    ),
  );
  return Object.fromEntries((await Promise.all(all)).flat());
}
