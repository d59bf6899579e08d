/** For scripts without arguments: --help prints the usage and ends, anything else is refused. */
export function onlyHelp(usage: string): void {
  const args = process.argv.slice(2);
  if (args.length === 0) return;
  const asked = args.length === 1 && (args[0] === '--help' || args[0] === '-h');
  (asked ? process.stdout : process.stderr).write(`${usage.trim()}\n`);
  process.exit(asked ? 0 : 2);
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Of an option: 0 or more. Throws what names it. */
export function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0)) throw new Error(`--${name} ${text} is not a number.`);
  return number;
}
