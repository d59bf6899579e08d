import { join } from 'node:path';
import { without } from './hooks';
import { type Control, isNoticed, type Noticed } from './noticed';
import { held, type Row } from './row';
import type { Scenario } from './scenario';
import { scenarioNamed } from './scenarios';
import { play, type SuiteOptions } from './suite';

/** What is broken stays so: no need to wait long for it. */
const DRAIN_MS = 15_000;

export const controls: readonly Control[] = [
  {
    without: 'outbox',
    of: ['accounts', 'orders', 'fulfillment'],
    scenario: 'killed-at-document-written',
    breaks: 'lost',
  },
  { without: 'own-offsets', of: ['orders', 'fulfillment'], scenario: 'groups-to-latest', breaks: 'lost' },
  { without: 'version-gate', of: ['orders'], scenario: 'shuffled-within-a-key', breaks: 'order' },
  { without: 'derived-id', of: ['fulfillment'], scenario: 'every-event-twice', breaks: 'duplicated' },
  { without: 'plain-producer', of: ['accounts'], scenario: 'lost-answers', breaks: 'lost' },
  { without: 'inflation-bound', of: ['orders', 'fulfillment'], scenario: 'inflation', breaks: 'bounds' },
];

export function controlNamed(name: string): Control {
  const found = controls.find((control) => control.without === name);
  if (!found) throw new Error(`${name} is none of ${controls.map((control) => control.without).join(', ')}.`);
  return found;
}

/**
 * Plays each control's scenario with a safeguard missing, and, unless there is a row of it, before that as it is: the suite is
 * worth something if the one breaks, as it must, and the other holds.
 */
export async function playControls(
  chosen: readonly Control[],
  { rows, ...options }: Omit<SuiteOptions, 'scenarios'> & { rows: readonly Row[] },
): Promise<Noticed[]> {
  const noticed: Noticed[] = [];
  for (const control of chosen) {
    const scenario = scenarioNamed(control.scenario);
    const green = rows.find((row) => row.scenario === scenario.name) ?? (await one(scenario, options));
    options.say(`without ${control.without}, which must break:`);
    const red = await one(crippled(scenario, control), { ...options, folder: join(options.folder, control.without) });
    const seen = red?.violations ?? [];
    const isPlayed = seen.every(({ kind }) => kind !== 'harness');
    const found = isPlayed ? seen.filter(({ kind }) => kind === control.breaks) : [];
    const result = {
      control,
      seed: options.seed,
      held: green !== undefined && held(green),
      found: found.length,
      first: found[0]?.text,
    };
    options.say(`    ${isNoticed(result) ? 'noticed' : 'NOT NOTICED'}: ${found.length} ${control.breaks}`);
    noticed.push(result);
  }
  return noticed;
}

async function one(scenario: Scenario, options: Omit<SuiteOptions, 'scenarios'>): Promise<Row | undefined> {
  const [row] = await play({ ...options, scenarios: [scenario] });
  return row;
}

/** The same schedule, on services that lack the safeguard. */
function crippled(scenario: Scenario, { without: safeguard, of }: Control): Scenario {
  const services = Object.fromEntries(of.map((service) => [service, without(safeguard)]));
  return {
    ...scenario,
    needs: { ...scenario.needs, services: { ...scenario.needs?.services, ...services } },
    plan(chance) {
      const plan = scenario.plan(chance);
      return { ...plan, rest: (run) => ({ ...plan.rest?.(run), withinMs: DRAIN_MS }) };
    },
  };
}
