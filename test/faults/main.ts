import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../../embedded/repository';
import { buildAnew } from '../../scripts/build-apps';
import { messageOf, say } from '../../scripts/command-line';
import { table } from '../../scripts/table';
import { controlNamed, controls, playControls } from './negative-controls';
import { controlCells, isNoticed } from './noticed';
import { cells, held } from './row';
import { scenarioNamed, scenarios } from './scenarios';
import { newSeed } from './seeded';
import { play } from './suite';
import { writeReport } from './written-report';

const usage = `
usage: npm run test:faults [-- --only <scenario>,… | --negative] [--seed <number>] [--report <folder>] [--list]

Runs the real processes under load, does to them what the schedule of every scenario says, heals, waits for quiet, and checks
that nothing is lost, nothing done twice, nothing out of order. Then the negative controls: services that lack a safeguard must
break a scenario that holds with it. Ends with 1 when a promise was broken, or was not where it had to be.

  --only     these scenarios, or controls by the name of what is missing, separated by commas; all by default
  --negative the negative controls alone
  --seed     repeats the schedules and the load of an earlier run; a random one by default
  --report   where faults.md and faults.json go; of the whole suite docs/generated, and the table into README.md
  --list     the names of the scenarios

Journals of what was done and acknowledged, and the logs of what broke, are in .storefront/faults/<seed>.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      negative: { type: 'boolean', default: false },
      seed: { type: 'string' },
      report: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  });
  if (values.help) return say(usage.trim());
  if (values.list) return scenarios.forEach(({ name, about }) => say(`${name}: ${about}`));
  const seed = values.seed === undefined ? newSeed() : Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error('--seed is a whole number.');
  await buildAnew();
  const begin = performance.now();
  const folder = join(repositoryRoot(), '.storefront', 'faults', String(seed));
  const isWhole = values.only === undefined && !values.negative;
  const names = values.only?.split(',');
  const chosen = values.negative ? [] : (names?.map(scenarioNamed) ?? scenarios);
  const rows = await play({ scenarios: chosen, seed, folder, say });
  const negative = values.negative ? (names?.map(controlNamed) ?? controls) : isWhole ? controls : [];
  const noticed = await playControls(negative, { rows, seed, folder, say });
  for (const cellsOf of [cells(rows), controlCells(noticed)]) if (cellsOf.length > 1) say(`\n${table(cellsOf)}`);
  const report = { rows, noticed, seed, durationMs: Math.round(performance.now() - begin) };
  writeReport(report, { isWhole, folder: values.report });
  process.exitCode = rows.every(held) && noticed.every(isNoticed) ? 0 : 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
