import { medianOf, type Report } from './report';

type Path = readonly [measure: string, of: string, figure: string];

/** A figure that is to be at most (or at least) a limit: a number, or another figure times a factor. */
export interface Target {
  readonly about: string;
  readonly path: Path;
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly atMostTimes?: readonly [factor: number, path: Path];
}

export interface Verdict {
  readonly about: string;
  readonly limit: string;
  readonly measured: number;
  readonly isReached: boolean;
}

const ours = ['change', 'storefront, POST customer', 'accounts + orders µs'] as const;
const both = (contender: string): Path => ['change', `${contender}, POST customer`, 'accounts + orders µs'];
const services = ['accounts', 'orders', 'fulfillment'];

export const targets: readonly Target[] = [
  { about: 'CPU a customer change, accounts + orders, of the floor', path: ours, atMostTimes: [1.5, both('floor')] },
  {
    about: "CPU a customer change, accounts + orders, of Nest's defaults",
    path: ours,
    atMostTimes: [1 / 3, both('nest-defaults')],
  },
  { about: 'CPU a customer change, accounts + orders, µs', path: ours, atMost: 350 },
  {
    about: 'POST customer, CPU of accounts, µs',
    path: ['post-customer', 'storefront', 'accounts µs'],
    atMost: 200,
  },
  {
    about: "POST customer, the driver's part of it, µs",
    path: ['profile', 'accounts, POST customer', 'driver µs'],
    atMost: 90,
  },
  { about: 'GET item, CPU of accounts, µs', path: ['get-item', 'storefront', 'accounts µs'], atMost: 140 },
  {
    about: 'GET page of 20, 10,000 customers, CPU of accounts, µs',
    path: ['growth', 'storefront, GET page of 20, 10,000', 'accounts µs'],
    atMost: 500,
  },
  {
    about: 'GET page of 20, 100,000 customers, CPU of accounts, µs',
    path: ['growth', 'storefront, GET page of 20, 100,000', 'accounts µs'],
    atMost: 500,
  },
  { about: 'Write to visible in Orders, quiet, p50 ms', path: ['visible', 'storefront, quiet', 'p50 ms'], atMost: 15 },
  { about: 'Write to visible in Orders, quiet, p99 ms', path: ['visible', 'storefront, quiet', 'p99 ms'], atMost: 40 },
  {
    about: 'Catch-up, events a second of our CPU',
    path: ['catch-up', 'storefront', 'events/s of CPU'],
    atLeast: 10_000,
  },
  { about: 'Catch-up, RSS at most, MB', path: ['catch-up', 'storefront', 'peak RSS MB'], atMost: 200 },
  ...services.flatMap((service): Target[] => [
    { about: `${service}, start to ready, ms`, path: ['start', service, 'ready ms'], atMost: 1_000 },
    { about: `${service}, RSS idle, MB`, path: ['start', service, 'RSS idle MB'], atMost: 175 },
    { about: `${service}, idle, % of a core`, path: ['start', service, 'idle CPU %'], atMost: 1 },
  ]),
  { about: 'npm start to gateway ready, ms', path: ['start', 'npm start', 'ready ms'], atMost: 6_000 },
  { about: 'Metrics, % of a GET item', path: ['profile', 'accounts, GET item', 'metrics %'], atMost: 2 },
];

/** By the medians; of what was not measured there is no verdict. */
export function verdicts(report: Pick<Report, 'measures'>, wanted: readonly Target[] = targets): Verdict[] {
  return wanted.flatMap((target): Verdict[] => {
    const measured = medianOf(report, target.path);
    const limit = limitOf(report, target);
    if (measured === undefined || limit === undefined) return [];
    const { value, text } = limit;
    const isReached = target.atLeast === undefined ? measured <= value : measured >= value;
    return [{ about: target.about, limit: text, measured, isReached }];
  });
}

function limitOf(report: Pick<Report, 'measures'>, { atMost, atLeast, atMostTimes }: Target) {
  if (atMost !== undefined) return { value: atMost, text: `≤ ${atMost}` };
  if (atLeast !== undefined) return { value: atLeast, text: `≥ ${atLeast}` };
  if (!atMostTimes) return undefined;
  const [factor, path] = atMostTimes;
  const other = medianOf(report, path);
  if (other === undefined) return undefined;
  return { value: factor * other, text: `≤ ${factor.toFixed(2)} × ${shown(other)}` };
}

/** Three digits that mean something, and no more. */
export function shown(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en');
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
}
