import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildEngines } from '../embedded/engines';
import { repositoryRoot } from '../embedded/repository';
import { buildAnew } from '../scripts/build-apps';
import { messageOf, say } from '../scripts/command-line';
import { table } from '../scripts/table';
import { closeConnections } from './load/http';
import { measureNamed, measures } from './measures';
import { firstCopy } from './measures/customers';
import type { Bench, Measure } from './measures/measure';
import { page, rowsOf } from './report/page';
import { merged, type MeasureReport, type Report } from './report/report';
import { Rig } from './rig/rig';

const usage = `
usage: npm run bench [-- --only <measure>,…] [--runs 3] [--seconds 5] [--scale 1] [--minutes 30] [--report <folder>] [--list]

Measures the storefront beside its yardsticks, on engines of its own: the floor (the driver, kafkajs and nothing else) and Nest's
defaults. Linux only: CPU is read from /proc. What is measured, and how: bench/README.md.

  --only     these measures, separated by commas; by default all but the long ones (half an hour)
  --runs     repetitions of every measurement
  --seconds  how long a load lasts
  --scale    what sizes and counts are multiplied by: 0.1 for a try
  --minutes  how long a long measure takes
  --report   where bench.md and bench.json go, in place of what these measures had there; at full size docs/generated, else they are
             only printed
  --list     the names of the measures
`;

function options() {
  return parseArgs({
    options: {
      only: { type: 'string' },
      runs: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '5' },
      scale: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '30' },
      report: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  }).values;
}

async function main(): Promise<void> {
  const values = options();
  if (values.help) return say(usage.trim());
  if (values.list) return measures.forEach((measure) => say(listed(measure)));
  if (platform() !== 'linux') throw new Error('CPU is read from /proc, which only Linux has.');
  const bench: Bench = {
    runs: positive('runs', values.runs),
    seconds: positive('seconds', values.seconds),
    scale: positive('scale', values.scale),
    minutes: positive('minutes', values.minutes),
    say,
  };
  const chosen = values.only?.split(',').map(measureNamed) ?? measures.filter(({ isLong }) => !isLong);
  await buildAnew();
  await buildEngines(say);
  const reports: MeasureReport[] = [];
  for (const measure of chosen) {
    reports.push(await measured(measure, bench));
    write(reports, values.report ?? (bench.scale === 1 ? 'docs/generated' : undefined));
  }
  closeConnections();
  process.exitCode = reports.some(({ failure }) => failure !== undefined) ? 1 : 0;
}

function listed({ name, about, isLong }: Measure): string {
  return `${name}: ${about}${isLong ? ' (only where it is named with --only)' : ''}`;
}

/** What fails is told, and does not take the other measures with it. */
async function measured({ name, about, rig: needs, isLong, measure }: Measure, bench: Bench): Promise<MeasureReport> {
  say(`${name}: ${about}`);
  const { runs, seconds, scale, minutes } = bench;
  const [begin, date, loadAverage] = [performance.now(), new Date().toISOString(), loadavg()[0] ?? 0];
  const report = (results: MeasureReport['results'], failure?: string): MeasureReport => {
    const durationMs = Math.round(performance.now() - begin);
    return {
      name,
      about,
      date,
      loadAverage,
      durationMs,
      runs,
      seconds,
      scale,
      ...(isLong && { minutes }),
      results,
      ...(failure !== undefined && { failure }),
    };
  };
  try {
    const rig = await Rig.start({ ...needs, say });
    try {
      await Promise.all(rig.contenders.map(firstCopy));
      const results = await measure({ ...bench, rig });
      say(`\n${table(rowsOf(results))}\n`);
      return report(results);
    } finally {
      await rig.stop();
    }
  } catch (error) {
    say(`${name} failed: ${messageOf(error)}`);
    return report([], messageOf(error));
  }
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} ${text} is not a positive number.`);
  return value;
}

/** After every measure: what was measured is there whatever becomes of the next one. */
function write(reports: readonly MeasureReport[], folder: string | undefined): void {
  if (folder === undefined) return;
  const target = resolve(repositoryRoot(), folder);
  mkdirSync(target, { recursive: true });
  const file = join(target, 'bench.json');
  const earlier = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined;
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${release()}, Node ${process.version}`;
  const report = merged(
    earlier,
    { machine, measures: reports },
    measures.map(({ name }) => name),
  );
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(target, 'bench.md'), page(report));
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
