import { join } from 'node:path';
import { drive } from './drive';
import { Journal } from './journal';
import { held, type Row } from './row';
import type { Scenario } from './scenario';
import { Stage } from './stage';

export interface SuiteOptions {
  readonly scenarios: readonly Scenario[];
  readonly seed: number;
  /** Where journals go, and the logs of what broke. */
  readonly folder: string;
  readonly say: (line: string) => void;
  /** A new system for every family. Default true. */
  readonly perFamily?: boolean;
}

/** Plays scenarios one after another; one that breaks does not keep the others from being played. */
export async function play({ scenarios, seed, folder, say, perFamily = true }: SuiteOptions): Promise<Row[]> {
  const stage = new Stage(perFamily);
  const rows: Row[] = [];
  try {
    for (const scenario of scenarios) {
      say(`${scenario.name}: ${scenario.about} (seed ${seed})`);
      const row = await one(scenario, stage, { seed, folder, say });
      rows.push(row);
      say(`    ${summary(row)}`);
      for (const { kind, text } of row.violations.slice(0, 10)) say(`    ${kind}: ${text.slice(0, 2_000)}`);
      if (held(row)) continue;
      stage.keepLogs(join(folder, `${scenario.name}-logs`));
      await stage.clear();
    }
  } finally {
    await stage.clear();
  }
  return rows;
}

async function one(
  scenario: Scenario,
  stage: Stage,
  { seed, folder, say }: Pick<SuiteOptions, 'seed' | 'folder' | 'say'>,
) {
  const journal = new Journal(join(folder, `${scenario.name}.jsonl`));
  try {
    const { storefront, remains } = await stage.for(scenario);
    return await drive(scenario, { storefront, remains, seed, journal, say });
  } catch (error) {
    return notPlayed(scenario, seed, error);
  }
}

function notPlayed({ name, family, about }: Scenario, seed: number, error: unknown): Row {
  const nothing = {
    acknowledged: 0,
    unanswered: 0,
    refused: 0,
    lost: 0,
    duplicated: 0,
    order: 0,
    restarts: 0,
    tookMs: 0,
  };
  const bounds = { rssMb: 0, handles: 0, pendingEvents: 0, eventLoopMs: 0 };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const violations = [{ kind: 'harness', text } as const];
  return { scenario: name, family, about, seed, ...nothing, drainMs: undefined, bounds, violations };
}

function summary(row: Row): string {
  const { acknowledged, unanswered, refused, lost, duplicated, order, drainMs, restarts, bounds, tookMs } = row;
  const requests = `${acknowledged} acknowledged, ${unanswered} unanswered, ${refused} refused`;
  const wrong = `${lost} lost, ${duplicated} duplicated, ${order} out of order`;
  const drained = drainMs === undefined ? 'never quiet' : `quiet after ${drainMs} ms`;
  const { rssMb, handles, pendingEvents, eventLoopMs } = bounds;
  const most = `${rssMb} MB, ${handles} handles, ${pendingEvents} pending, event loop ${eventLoopMs} ms`;
  const result = held(row) ? 'held' : 'BROKEN';
  return `${result}: ${requests}; ${wrong}; ${drained}, ${restarts} restarts; ${most}; took ${Math.round(tookMs / 1_000)} s`;
}
