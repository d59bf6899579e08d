import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../../embedded/repository';
import { controlCells, type Noticed } from './noticed';
import { cells, type Row } from './row';

export interface Report {
  readonly rows: readonly Row[];
  readonly noticed: readonly Noticed[];
  readonly seed: number;
  readonly durationMs: number;
}

const BEGIN = '<!-- faults: written by npm run test:faults -->';
const END = '<!-- /faults -->';
const ABOUT_CONTROLS =
  'Negative controls: the same suite with one safeguard taken out of the services must break where it is missed.';

/** faults.md and faults.json into the folder; of the whole suite into docs/generated, and its table into the README. */
export function writeReport(
  report: Report,
  { isWhole, folder }: { isWhole: boolean; folder: string | undefined },
): void {
  const root = repositoryRoot();
  const isLast = isWhole && folder === undefined;
  const target = folder ?? (isLast ? join(root, 'docs', 'generated') : undefined);
  if (target === undefined) return;
  mkdirSync(target, { recursive: true });
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${release()}, Node ${process.version}`;
  const facts = { date: new Date().toISOString(), machine, seed: report.seed, durationMs: report.durationMs };
  const { rows, noticed } = report;
  writeFileSync(join(target, 'faults.json'), `${JSON.stringify({ ...facts, rows, noticed }, null, 2)}\n`);
  const minutes = (report.durationMs / 60_000).toFixed(1);
  const head = [
    '# The last run of the fault suite',
    `Written by \`npm run test:faults\`, ${facts.date}, in ${minutes} minutes, seed ${report.seed}, on ${machine}.`,
  ];
  const faultTable = [markdown(cells(rows)), ABOUT_CONTROLS, markdown(controlCells(noticed))].join('\n\n');
  writeFileSync(join(target, 'faults.md'), `${[...head, faultTable].join('\n\n')}\n`);
  if (!isLast) return;
  const readme = join(root, 'README.md');
  writeFileSync(readme, withTable(readFileSync(readme, 'utf8'), faultTable));
}

/** What stands between the markers of a text; undefined without markers. */
export function tableIn(text: string): string | undefined {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  return begin < 0 || end < 0 ? undefined : text.slice(begin + BEGIN.length, end).trim();
}

export function withTable(text: string, faultTable: string): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < 0) throw new Error(`There is no ${BEGIN} … ${END}.`);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${faultTable}\n\n${text.slice(end)}`;
}

/** As prettier would have it: columns as wide as their widest cell. */
export function markdown(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [heading = [], ...others] = rows;
  return [line(heading), rule, ...others.map(line)].join('\n');
}
