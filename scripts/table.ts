/** A last column that is narrower than this says nothing: each row becomes a paragraph then. */
const NARROWEST_LAST = 24;
const GAP = 2;

/** What others wrote, without what a terminal would obey. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/**
 * Columns as wide as their widest cell; the first row is the heading. Where a line would be longer than `width` (no bound by default), the
 * cells of the last column are cut, which has to be what is shown elsewhere in full; where that is not enough, every row is a paragraph
 * with a line for each cell, and nothing is cut.
 */
export function table(given: readonly (readonly string[])[], width = Infinity): string {
  const rows = given.map((row) => row.map(printable));
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + GAP, 0);
  const last = Math.min(widths.at(-1) ?? 0, width - before);
  if (last < Math.min(widths.at(-1) ?? 0, NARROWEST_LAST)) return paragraphs(rows);
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === columns - 1 ? shortened(cell, last) : cell).padEnd(widths[column] ?? 0))
        .join(' '.repeat(GAP))
        .trimEnd(),
    )
    .join('\n');
}

function paragraphs([heading = [], ...rows]: readonly (readonly string[])[]): string {
  const width = Math.max(0, ...heading.map(({ length }) => length));
  return rows
    .map((row) => row.map((cell, column) => `${(heading[column] ?? '').padEnd(width)}  ${cell}`.trimEnd()).join('\n'))
    .join('\n\n');
}

/** On one line, and no longer than it may be. */
export function shortened(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}

/** `45 s`, `12 min`, `3 h`, `2 d`: whole units, rounded down. */
export function age(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
