import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildEngines } from '../embedded/engines';
import { repositoryRoot } from '../embedded/repository';
import { messageOf, say } from '../scripts/command-line';
import { table } from '../scripts/table';
import { closeConnections } from './load/http';
import { measureNamed, measures } from './measures';
import { firstCopy } from './measures/customers';
import type { Bench, Measure } from './measures/measure';
import { page, rowsOf } from './report/page';
import type { MeasureReport, Report } from './report/report';
import { Rig } from './rig/rig';

const usage = `
usage: npm run bench [-- --only <measure>,…] [--runs 3] [--seconds 5] [--scale 1] [--report <folder>] [--list]

Measures the storefront beside its yardsticks, on engines of its own: the floor (the driver, kafkajs and nothing else) and Nest's
defaults. Linux only: CPU is read from /proc. What is measured, and how: bench/README.md.

  --only     these measures, separated by commas; all by default (half an hour)
  --runs     repetitions of every measurement
  --seconds  how long a load lasts
  --scale    what sizes and counts are multiplied by: 0.1 for a try
  --report   where bench.md and bench.json go; of all measures at full size docs/generated, else they are only printed
  --list     the names of the measures
`;

function options() {
  return parseArgs({
    options: {
      only: { type: 'string' },
      runs: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '5' },
      scale: { type: 'string', default: '1' },
      report: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  }).values;
}

async function main(): Promise<void> {
  const values = options();
  if (values.help) return say(usage.trim());
  if (values.list) return measures.forEach(({ name, about }) => say(`${name}: ${about}`));
  if (platform() !== 'linux') throw new Error('CPU is read from /proc, which only Linux has.');
  const bench: Bench = {
    runs: positive('runs', values.runs),
    seconds: positive('seconds', values.seconds),
    scale: positive('scale', values.scale),
    say,
  };
  const chosen = values.only?.split(',').map(measureNamed) ?? measures;
  await buildEngines(say);
  const [begin, loadAverage] = [performance.now(), loadavg()[0] ?? 0];
  const reports: MeasureReport[] = [];
  for (const measure of chosen) reports.push(await measured(measure, bench));
  closeConnections();
  const { say: _, ...settings } = bench;
  const report: Report = {
    date: new Date().toISOString(),
    machine: `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${release()}, Node ${process.version}`,
    loadAverage,
    durationMs: Math.round(performance.now() - begin),
    ...settings,
    measures: reports,
  };
  write(report, values.report ?? (chosen === measures && bench.scale === 1 ? 'docs/generated' : undefined));
  process.exitCode = reports.some(({ failure }) => failure !== undefined) ? 1 : 0;
}

/** What fails is told, and does not take the other measures with it. */
async function measured(measure: Measure, bench: Bench): Promise<MeasureReport> {
  const { name, about } = measure;
  say(`${name}: ${about}`);
  try {
    const rig = await Rig.start({ ...measure.rig, say });
    try {
      await Promise.all(rig.contenders.map(firstCopy));
      const results = await measure.measure({ ...bench, rig });
      say(`\n${table(rowsOf(results))}\n`);
      return { name, about, results };
    } finally {
      await rig.stop();
    }
  } catch (error) {
    say(`${name} failed: ${messageOf(error)}`);
    return { name, about, results: [], failure: messageOf(error) };
  }
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} ${text} is not a positive number.`);
  return value;
}

function write(report: Report, folder: string | undefined): void {
  if (folder === undefined) return;
  const target = join(repositoryRoot(), folder);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'bench.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(target, 'bench.md'), page(report));
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
