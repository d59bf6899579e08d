import type { Purposes } from './on-purpose';

/** What is wrong with what was observed, by request: a difference that nobody wanted, and one that was wanted and is not there. */
export function surprises(observed: ReadonlyMap<string, readonly string[]>, wanted: Purposes): string[] {
  const cases = Object.values(wanted).flat();
  const unknown = cases.flatMap(({ requests }) => requests).filter((request) => !observed.has(request));
  return [
    ...unknown.map((request) => `${request}: no such request`),
    ...[...observed].flatMap(([request, lines]) => {
      const expected = cases.filter(({ requests }) => requests.includes(request)).flatMap((each) => each.lines);
      return compare(lines, expected).map((line) => `${request}: ${line}`);
    }),
  ];
}

function compare(observed: readonly string[], expected: readonly string[]): string[] {
  const unwanted = observed.filter((line) => !expected.some((pattern) => covers(pattern, line)));
  const absent = expected.filter((pattern) => !observed.some((line) => covers(pattern, line)));
  return [...unwanted.map((line) => `not on purpose: ${line}`), ...absent.map((line) => `no longer: ${line}`)];
}

function covers(pattern: string, line: string): boolean {
  return pattern.endsWith('…') ? line.startsWith(pattern.slice(0, -1)) : pattern === line;
}
