import { percentile } from './percentiles';

/** One figure of several runs. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** What one run says, by name. */
export type Figures = Readonly<Record<string, number>>;

export function spread(values: readonly number[]): Spread {
  return { min: Math.min(...values), median: median(values), max: Math.max(...values) };
}

/** Every figure that the runs have, over those runs that have it, in the order in which they came. */
export function spreads(runs: readonly Figures[]): Record<string, Spread> {
  const names = new Set(runs.flatMap((run) => Object.keys(run)));
  return Object.fromEntries(
    [...names].map((name) => [name, spread(runs.flatMap((run) => (run[name] === undefined ? [] : [run[name]])))]),
  );
}

/** Of an even number of values the mean of the two in the middle. */
function median(values: readonly number[]): number {
  if (values.length % 2 === 1) return percentile(values, 0.5);
  const sorted = values.toSorted((a, b) => a - b);
  const [low = 0, high = 0] = sorted.slice(values.length / 2 - 1);
  return (low + high) / 2;
}
