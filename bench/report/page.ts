import type { Spread } from '../arithmetic/spread';
import { markdown } from '../../test/faults/written-report';
import type { MeasureReport, Report } from './report';
import { shown, verdicts } from './targets';

/** bench.md: the targets first, then everything that was measured, a table a measure. */
export function page(report: Report): string {
  const { date, machine, loadAverage, durationMs, runs, seconds, scale } = report;
  const minutes = (durationMs / 60_000).toFixed(1);
  const size = scale === 1 ? '' : `, sizes × ${scale}`;
  const head = [
    '# The last run of the benchmarks',
    `Written by \`npm run bench\`, ${date}, in ${minutes} minutes, on ${machine}; load average ${loadAverage.toFixed(1)} when it began. ` +
      `${runs} runs of ${seconds} s each${size}: the median, and in brackets the least and the most. Method and words: bench/README.md.`,
  ];
  const reached = verdicts(report);
  const targets = reached.length === 0 ? [] : ['## Targets', markdown(targetRows(reached))];
  return `${[...head, ...targets, ...report.measures.flatMap(section)].join('\n\n')}\n`;
}

function targetRows(reached: ReturnType<typeof verdicts>): string[][] {
  const row = ({ about, limit, measured, isReached }: (typeof reached)[number]) => [
    about,
    limit,
    shown(measured),
    isReached ? 'yes' : '**no**',
  ];
  return [['what', 'target', 'measured', 'reached'], ...reached.map(row)];
}

function section({ name, about, results, failure }: MeasureReport): string[] {
  const heading = [`## ${name}`, `${about}.`];
  if (failure !== undefined) return [...heading, `Not measured: ${failure}`];
  return [...heading, markdown(rowsOf(results))];
}

/** A row a result, a column a figure that any of them has. */
export function rowsOf(results: MeasureReport['results']): string[][] {
  const names = [...new Set(results.flatMap(({ figures }) => Object.keys(figures)))];
  const cell = (spread: Spread | undefined) => (spread ? spreadText(spread) : '');
  return [['of', ...names], ...results.map(({ of, figures }) => [of, ...names.map((name) => cell(figures[name]))])];
}

function spreadText({ min, median, max }: Spread): string {
  return min === max ? shown(median) : `${shown(median)} (${shown(min)}–${shown(max)})`;
}
