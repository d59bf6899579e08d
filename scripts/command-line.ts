import { WrongCall } from './wrong-call';

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

/** What an error says; of fetch, whose own message says nothing (`fetch failed`), why it failed and at which address. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '' && error.message !== 'fetch failed') return error.message;
  // of a host with several addresses each has failed, and the error for all of them says nothing but a code
  const causes = error instanceof AggregateError ? error.errors : [error.cause];
  const reasons = causes.filter((cause) => cause instanceof Error).map(messageOf);
  if (reasons.length > 0) return [...new Set(reasons)].join(', ');
  return error.message || ('code' in error ? String(error.code) : error.name);
}

/** The number of an option, 0 or more. Throws WrongCall, which names it. */
export function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0)) throw new WrongCall(`--${name} ${text} is not a number.`);
  return number;
}
