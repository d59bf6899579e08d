import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildAnew } from '../../scripts/build-apps';
import { messageOf, onlyHelp, say } from '../../scripts/command-line';
import { table } from '../../scripts/table';
import { type AlarmingFault, alarmingFaults } from './alarming-faults';
import { MonitoredStorefront } from './monitored-storefront';
import { hasPrometheus } from './prometheus';
import { quickRules } from './quick-rules';

onlyHelp(`
usage: npm run check:alerts

Stops Kafka, the store and a consumer (frozen, or kept out of its group), and poisons a topic, each in the running system under load, before a real Prometheus
with the alerts of monitoring/prometheus in a hurry (every \`for\` 2 s, every window 15 s): the alert of the fault must fire,
and be gone after the fault was healed. Ends with 1 when one does not. Needs Prometheus (Debian: prometheus).
`);

const rulesFile = join(__dirname, '../prometheus/storefront.rules.yaml');
const patienceMs = 120_000;

interface Outcome {
  readonly fault: string;
  readonly alerts: string;
  /** s; undefined: not at all. */
  readonly firedAfter: number | undefined;
  readonly clearedAfter: number | undefined;
}

async function main(): Promise<number> {
  if (!hasPrometheus()) {
    say('check:alerts is skipped: there is no prometheus and promtool here (Debian: apt-get install prometheus).');
    return 0;
  }
  await buildAnew();
  const system = await MonitoredStorefront.start(quickRules(readFileSync(rulesFile, 'utf8')), { apart: true });
  const outcomes: Outcome[] = [];
  try {
    for (const fault of alarmingFaults) {
      const outcome = await suffer(system, fault);
      say(`${outcome.fault}: ${outcome.alerts} fired ${told(outcome.firedAfter)}, gone ${told(outcome.clearedAfter)}`);
      outcomes.push(outcome);
    }
  } finally {
    await system.stop();
  }
  const rows = outcomes.map((each) => [each.fault, each.alerts, told(each.firedAfter), told(each.clearedAfter)]);
  say(table([['fault', 'alerts', 'fired', 'gone after healing'], ...rows]));
  const isRight = ({ firedAfter, clearedAfter }: Outcome) => firedAfter !== undefined && clearedAfter !== undefined;
  return outcomes.every(isRight) ? 0 : 1;
}

async function suffer(system: MonitoredStorefront, fault: AlarmingFault): Promise<Outcome> {
  const { storefront } = system;
  const outcome = { fault: fault.name, alerts: fault.alerts.join(', ') };
  const quiet = await until(system, fault, (firing) => firing.length === 0);
  if (quiet === undefined) throw new Error(`${outcome.alerts}: fires before anything was done`);
  await fault.cause(storefront);
  const firedAfter = await until(system, fault, (firing) => firing.length === fault.alerts.length);
  await fault.heal(storefront);
  const clearedAfter = await until(system, fault, (firing) => firing.length === 0);
  return { ...outcome, firedAfter, clearedAfter };
}

/** Seconds until those of the fault's alerts that fire are as they should be. */
async function until(
  { prometheus }: MonitoredStorefront,
  { alerts, job }: AlarmingFault,
  isRight: (firing: readonly string[]) => boolean,
): Promise<number | undefined> {
  const begin = performance.now();
  for (; performance.now() - begin < patienceMs; await sleep(500)) {
    const all = await prometheus.alerts();
    const firing = all.filter(({ state, labels }) => state === 'firing' && (job ?? labels['job']) === labels['job']);
    if (isRight(alerts.filter((name) => firing.some((alert) => alert.name === name)))) {
      return Math.round((performance.now() - begin) / 1_000);
    }
  }
  return undefined;
}

const told = (seconds: number | undefined) => (seconds === undefined ? 'NEVER' : `after ${seconds} s`);

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  },
);
