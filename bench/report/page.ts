import type { Spread } from '../arithmetic/spread';
import { markdown } from '../../test/faults/written-report';
import type { MeasureReport, Report } from './report';
import { shown, verdicts } from './targets';

/** A load average that is more than what an idle machine has. */
const QUIET = 1.5;

/** bench.md: the targets first, then everything that was measured, a table a measure. */
export function page(report: Report): string {
  const head = [
    '# The last runs of the benchmarks',
    `Written by \`npm run bench\` on ${report.machine}. Medians, and in brackets the least and the most. Method and words: bench/README.md.`,
  ];
  const busy = Math.max(0, ...report.measures.map(({ loadAverage }) => loadAverage));
  if (busy > QUIET)
    head.push(
      `**The machine was busy with other work** (load average up to ${busy.toFixed(1)} before a measure began): what is in µs, ms and ` +
        'requests a second is not what it can do. Compare contenders within a measure.',
    );
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

function section({ name, about, results, failure, ...facts }: MeasureReport): string[] {
  const heading = [`## ${name}`, `${about}.`, factsOf(facts)];
  if (failure !== undefined) return [...heading, `Not measured: ${failure}`];
  return [...heading, markdown(rowsOf(results))];
}

function factsOf({
  date,
  loadAverage,
  durationMs,
  runs,
  seconds,
  scale,
  minutes: loadMinutes,
}: Omit<MeasureReport, 'name' | 'about' | 'results'>) {
  const sizes = scale === 1 ? '' : `, sizes × ${scale}`;
  const minutes = (durationMs / 60_000).toFixed(1);
  const loads = loadMinutes === undefined ? `${runs} runs, loads of ${seconds} s` : `a load of ${loadMinutes} minutes`;
  return `${date}, ${minutes} minutes, ${loads}${sizes}; load average ${loadAverage.toFixed(1)} when it began.`;
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
