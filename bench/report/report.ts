import type { Result } from '../measures/measure';

/** What was measured on one machine, as it is written to bench.json. */
export interface Report {
  readonly machine: string;
  readonly measures: readonly MeasureReport[];
}

/** Everything in it is of one call: the yardsticks stand beside the storefront. */
export interface MeasureReport {
  readonly name: string;
  readonly about: string;
  readonly date: string;
  /** Of the minute before it began: what else the machine did. */
  readonly loadAverage: number;
  readonly durationMs: number;
  readonly runs: number;
  readonly seconds: number;
  readonly scale: number;
  /** Of a long measure, in place of runs and their seconds. */
  readonly minutes?: number;
  readonly results: readonly Result[];
  /** Why there are no results. */
  readonly failure?: string;
}

/** The earlier report with these measures in place of its own, in the order of the names; on another machine nothing of it stays. */
export function merged(earlier: Report | undefined, now: Report, names: readonly string[]): Report {
  const kept = earlier?.machine === now.machine ? earlier.measures : [];
  const all = new Map([...kept, ...now.measures].map((measure) => [measure.name, measure]));
  return { ...now, measures: names.flatMap((name) => all.get(name) ?? []) };
}

/** The median of a figure; undefined where it was not measured. */
export function medianOf({ measures }: Pick<Report, 'measures'>, path: readonly [string, string, string]) {
  const [measure, of, figure] = path;
  const results = measures.find(({ name }) => name === measure)?.results ?? [];
  return results.find((result) => result.of.startsWith(of))?.figures[figure]?.median;
}
