import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../eventually';
import type { SettleOptions, Storefront } from '../system/storefront';
import { beyond, BoundsWatch } from './bounds-watch';
import { wrongInTheEnd } from './checks';
import { FaultRun } from './fault-run';
import type { Journal } from './journal';
import { Load } from './load';
import { count, type Row } from './row';
import { type Plan, type Scenario, told } from './scenario';
import { Seeded } from './seeded';
import { VersionWatch } from './version-watch';
import { type Violation, violations } from './violation';

/** Writes before the first fault, and again after the last one. */
const ENOUGH_WRITES = 20;
const PATIENCE_MS = 60_000;
/** After a kill the group waits for the session of the dead. */
const DRAIN_MS = 60_000;
const WAIT_TOLD_MS = 3_000;

/** Lanes that wait for a person, and aggregates without an owner. */
export interface Remains {
  readonly lanes: Set<string>;
  readonly foreign: Set<string>;
}

export interface DriveOptions {
  readonly storefront: Storefront;
  /** What earlier scenarios left in this system as was to be expected; this one adds what it leaves. */
  readonly remains: Remains;
  readonly seed: number;
  readonly journal: Journal;
  /** The schedule, and what was found. */
  readonly say: (line: string) => void;
}

/** Plays one scenario: load, schedule, healing, quiet, and everything that must hold then. */
export async function drive(
  scenario: Scenario,
  { storefront, remains, seed, journal, say }: DriveOptions,
): Promise<Row> {
  const begin = performance.now();
  const chance = Seeded.of(seed, scenario.name);
  const plan = scenario.plan(chance);
  for (const line of told(plan)) say(`    ${line}`);
  journal.write('plan', { scenario: scenario.name, seed, deeds: told(plan) });
  const load = loadOf(plan, { storefront, seed, journal, name: scenario.name });
  const run = new FaultRun({ storefront, journal, chance, load });
  const restartsBefore = storefront.restarts;
  const [watch, bounds] = [new VersionWatch(storefront.stores), new BoundsWatch(storefront)];
  const found: Violation[] = await faults(run, plan);
  const rest = restOf(plan.rest?.(run), remains);
  const { drainMs, wrong } = await quiet(storefront, { ...rest, onWait: everySoOften(journal) });
  const seen = await bounds.stop();
  const wentBack = await watch.stop();
  if (!plan.unchecked?.includes('copies')) found.push(...violations('order', wentBack));
  found.push(...wrong, ...beyond(seen), ...run.seen);
  const untold = plan.unchecked?.includes('topics') ?? false;
  found.push(...(await guarded(() => wrongInTheEnd(storefront, run.ledger, { ...rest, untold }))));
  if (plan.check) found.push(...(await guarded(async () => (await plan.check?.(run)) ?? [])));
  for (const violation of found) journal.write('violation', violation);
  const { acknowledged, refused, unanswered } = run.ledger;
  const row: Row = {
    scenario: scenario.name,
    family: scenario.family,
    about: scenario.about,
    seed,
    acknowledged,
    unanswered: unanswered.length,
    refused,
    lost: count(found, 'lost'),
    duplicated: count(found, 'duplicated'),
    order: count(found, 'order'),
    drainMs,
    restarts: storefront.restarts - restartsBefore,
    bounds: seen,
    tookMs: Math.round(performance.now() - begin),
    violations: found,
  };
  journal.write('end', row);
  return row;
}

function restOf(expected: SettleOptions | undefined, { lanes, foreign }: Remains): SettleOptions {
  for (const lane of expected?.lanes ?? []) lanes.add(lane);
  for (const id of expected?.foreign ?? []) foreign.add(id);
  return { withinMs: DRAIN_MS, ...expected, lanes: [...lanes], foreign };
}

function loadOf(
  plan: Plan,
  { storefront, seed, journal, name }: Omit<DriveOptions, 'say' | 'remains'> & { name: string },
) {
  if (plan.load === false) return undefined;
  return new Load(storefront.gatewayUrls, {
    workers: 6,
    pauseMs: 20,
    ...plan.load,
    seed,
    prefix: name,
    onWrite: (entry) => journal.write('written', entry),
  });
}

/** The load, the deeds in their time, and healing; what could not be done is a violation. */
async function faults(run: FaultRun, { deeds }: Plan): Promise<Violation[]> {
  const { load, storefront, ledger } = run;
  load?.start();
  try {
    if (load) await moreWrites(run);
    const start = performance.now();
    for (const { atMs, what, do: act } of deeds) {
      await sleep(Math.max(0, start + atMs - performance.now()));
      run.note(what);
      await act(run);
    }
    await storefront.heal();
    // it heals itself: what clients do works again
    if (load) await moreWrites(run);
    return [];
  } catch (error) {
    const last = JSON.stringify(ledger.unanswered.slice(-3));
    await storefront.heal().catch(() => undefined);
    return violations('harness', [`${error instanceof Error ? error.stack : String(error)} (${last})`]);
  } finally {
    await load?.stop();
  }
}

async function moreWrites({ ledger }: FaultRun): Promise<void> {
  const before = ledger.acknowledged;
  const enough = (acknowledged: number) => acknowledged >= before + ENOUGH_WRITES;
  await eventually(() => ledger.acknowledged, enough, PATIENCE_MS);
}

async function quiet(storefront: Storefront, rest: SettleOptions) {
  try {
    return { drainMs: await storefront.settled(rest), wrong: [] };
  } catch (error) {
    return { drainMs: undefined, wrong: violations('drain', [String(error)]) };
  }
}

/** What keeps it from being quiet, every few seconds. */
function everySoOften(journal: Journal) {
  let nextMs = WAIT_TOLD_MS;
  return (wrong: readonly string[], afterMs: number) => {
    if (afterMs < nextMs) return;
    nextMs = afterMs + WAIT_TOLD_MS;
    journal.write('waits', { afterMs, wrong: wrong.slice(0, 5) });
  };
}

async function guarded(check: () => Promise<Violation[]>): Promise<Violation[]> {
  try {
    return await check();
  } catch (error) {
    return violations('harness', [`not checked: ${String(error)}`]);
  }
}
