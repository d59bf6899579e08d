import type { Result } from '../measures/measure';

/** What one call has measured, as it is written to bench.json. */
export interface Report {
  readonly date: string;
  readonly machine: string;
  /** 1-minute load average when it began: what else the machine did. */
  readonly loadAverage: number;
  readonly durationMs: number;
  readonly runs: number;
  readonly seconds: number;
  readonly scale: number;
  readonly measures: readonly MeasureReport[];
}

export interface MeasureReport {
  readonly name: string;
  readonly about: string;
  readonly results: readonly Result[];
  /** Why there are no results. */
  readonly failure?: string;
}

/** The median of a figure; undefined where it was not measured. */
export function medianOf({ measures }: Pick<Report, 'measures'>, path: readonly [string, string, string]) {
  const [measure, of, figure] = path;
  const results = measures.find(({ name }) => name === measure)?.results ?? [];
  return results.find((result) => result.of.startsWith(of))?.figures[figure]?.median;
}
