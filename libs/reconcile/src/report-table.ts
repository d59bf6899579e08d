import type { Comparison, Finding } from './comparison';
import type { Report } from './reconcile';

const MAX_LINES = 50;

/** For people: a line a comparison, then what is wrong, then what could not be told. */
export function reportTable({ comparisons, found }: Report): string {
  const sections = found
    ? [`Found:\n${tableOf(found)}`, `After the repair:\n${tableOf(comparisons)}`]
    : [tableOf(comparisons)];
  return sections.join('\n\n');
}

function tableOf(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ link, owner, replica, compared, caughtUp, drift, inFlight }) =>
    [link, `${owner} → ${replica}`, compared, caughtUp, inFlight.length, drift.length].map(String),
  );
  const table = [['', '', 'compared', 'caught up', 'in flight', 'drift'], ...rows];
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  const wrong = comparisons.flatMap(({ drift }) => drift.map(describe));
  const open = comparisons.flatMap(({ inFlight }) =>
    inFlight.map(({ link, id, why }) => `${link} ${id}: in flight, ${why}`),
  );
  const unseen = comparisons.flatMap(({ link, more }) =>
    more ? [`${link}: more differ than are looked at in one run; rebuild the copy, or repair and compare again`] : [],
  );
  return [...lines, ...shortened(wrong), ...shortened(open), ...unseen].join('\n');
}

function describe({ link, id, difference, owner, replica, advice }: Finding): string {
  const of = (side: Finding['owner']) =>
    side ? `version ${side.version}${side.deleted ? ', deleted' : ''}` : 'nothing';
  const found = `${link} ${id}: ${difference}, the owner has ${of(owner)}, the copy ${of(replica)}`;
  return advice === undefined ? found : `${found}; ${advice}`;
}

function shortened(lines: readonly string[]): string[] {
  if (lines.length <= MAX_LINES) return [...lines];
  return [...lines.slice(0, MAX_LINES), `… and ${lines.length - MAX_LINES} more; --json names all`];
}
