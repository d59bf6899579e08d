import type { Bounds } from './bounds-watch';
import type { Scenario } from './scenario';
import type { Violation, ViolationKind } from './violation';

/** What came of one scenario. */
export interface Row {
  readonly scenario: string;
  readonly family: Scenario['family'];
  readonly about: string;
  readonly seed: number;
  readonly acknowledged: number;
  readonly unanswered: number;
  readonly refused: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly order: number;
  /** From the end of the last fault until all was quiet and equal; undefined when it never was. */
  readonly drainMs: number | undefined;
  readonly restarts: number;
  readonly bounds: Bounds;
  readonly tookMs: number;
  readonly violations: readonly Violation[];
}

export function count(violations: readonly Violation[], kind: ViolationKind): number {
  return violations.filter((violation) => violation.kind === kind).length;
}

export function held({ violations }: Row): boolean {
  return violations.length === 0;
}

const heading = [
  'scenario',
  'what was done',
  'seed',
  'acknowledged',
  'lost',
  'duplicated',
  'order',
  'drained',
  'restarts',
  'result',
];

/** Of every scenario one line, the heading first. */
export function cells(rows: readonly Row[]): string[][] {
  return [heading, ...rows.map(cellsOf)];
}

function cellsOf(row: Row): string[] {
  const { scenario, about, seed, acknowledged, lost, duplicated, order, drainMs, restarts } = row;
  const numbers = [seed, acknowledged, lost, duplicated, order].map(String);
  const drained = drainMs === undefined ? 'never' : `${(drainMs / 1_000).toFixed(1)} s`;
  return [scenario, about, ...numbers, drained, String(restarts), held(row) ? 'held' : 'BROKEN'];
}
