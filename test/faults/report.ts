/** One line a scenario: what was done to the system, and what was seen. */
export function report(done: string, seen: string): void {
  process.stdout.write(`  ${done}: ${seen}\n`);
}
