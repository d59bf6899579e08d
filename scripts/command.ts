import { parseArgs } from 'node:util';
import { messageOf, say } from './command-line';
import { terminalWidth, wrapped } from './terminal';
import { WrongCall } from './wrong-call';

const LONGEST_NAME = 22;
const PIPED_USAGE_COLUMNS = 120;

/** An option as `parseArgs` takes it, with what the usage says of it. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
  readonly default?: string | boolean;
  /** Of an option of type `string`: what stands behind it in the usage, `<seconds>`. */
  readonly takes?: string;
  readonly says: string;
}

export type Options = Readonly<Record<string, Option>>;
export type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values'];

/** An operators' command. What `options` has is parsed and shown by --help, so that the two cannot differ. */
export interface Command<O extends Options> {
  /** As in `npm run <name>`. */
  readonly name: string;
  /** Each way to call it: what stands behind `npm run <name> --`. */
  readonly calls: readonly string[];
  /** What it does, in paragraphs that are separated by an empty line. */
  readonly about: string;
  readonly options: O;
  /** Variables that it reads, and what each is. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it takes arguments that are no options. */
  readonly takesArguments?: boolean;
  /** Resolves with the exit code: 0 when all is done and well, 1 when not. Throws WrongCall where it was called in a wrong way. */
  readonly run: (values: Values<O>, args: readonly string[]) => Promise<number>;
}

let isCalledByNpm = true;

/** Makes every usage say `storefront <name>`, as commands are called in an image, instead of `npm run <name> --`. */
export function callWithoutNpm(): void {
  isCalledByNpm = false;
}

const help = { type: 'boolean', short: 'h', default: false, says: 'this text' } as const;

/**
 * Parses the arguments of the process, runs the command and ends the process: with 0 when it is done, with 1 when not all is well or an error
 * was thrown, whose message goes to stderr, with 2 and the usage on stderr for a wrong call. --help prints the usage and does nothing else.
 */
export function runCommand<O extends Options>(command: Command<O>): void {
  // what reads our output may end before it has read all
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  void codeOf(command, process.argv.slice(2)).then((code) => process.stdout.write('', () => process.exit(code)));
}

async function codeOf<O extends Options>(command: Command<O>, args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parsed(command, args);
    if ((values as Record<string, unknown>)['help'] === true) {
      say(usageOf(command, columns(process.stdout)));
      return 0;
    }
    return await command.run(values, positionals);
  } catch (error) {
    const isWrongCall = error instanceof WrongCall || isOfTheEnvironment(error);
    const usage = isWrongCall ? `\n${usageOf(command, columns(process.stderr))}\n` : '';
    process.stderr.write(`${messageOf(error)}\n${usage}`);
    return isWrongCall ? 2 : 1;
  }
}

/** Variables that the services read too, and that nobody can take for what they should be. */
function isOfTheEnvironment(error: unknown): boolean {
  return error instanceof Error && error.name === 'EnvironmentFaults';
}

function columns(output: NodeJS.WriteStream): number {
  const width = terminalWidth(output);
  return Number.isFinite(width) ? width : PIPED_USAGE_COLUMNS;
}

/** What the arguments say, as the command's options are. Throws WrongCall. */
export function parsed<O extends Options>({ options, takesArguments = false }: Command<O>, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { ...options, help }, allowPositionals: takesArguments });
  } catch (error) {
    throw new WrongCall(messageOf(error));
  }
}

/** The text of --help, in lines of at most `width` characters. */
export function usageOf<O extends Options>(command: Command<O>, width: number): string {
  const { name, calls, about, options, environment = {} } = command;
  const synopsis = calls.map((call, index) => {
    const called = isCalledByNpm ? `npm run ${name}${call === '' ? '' : ` -- ${call}`}` : `storefront ${name} ${call}`;
    const line = `${index === 0 ? 'usage: ' : '       '}${called.trimEnd()}`;
    return wrapped(line, width, index === 0 ? 11 : 4);
  });
  const shown = Object.entries<Option>({ ...options, help }).map(([key, option]): [string, string] => [
    `--${key}${option.takes === undefined ? '' : ` ${option.takes}`}`,
    `${option.says}${defaultOf(option)}`,
  ]);
  const exits = 'Ends with 0 when it is done, 1 when not all is well, 2 for a wrong call.';
  return [
    synopsis.join('\n'),
    ...about
      .trim()
      .split('\n\n')
      .map((text) => wrapped(text.replace(/\s*\n\s*/g, ' '), width, 0)),
    described(shown, width),
    ...(Object.keys(environment).length > 0 ? [described(Object.entries(environment), width)] : []),
    wrapped(exits, width, 0),
  ].join('\n\n');
}

function defaultOf(option: Option): string {
  return typeof option.default === 'string' && option.default !== '' ? ` (${option.default})` : '';
}

/** A name and what it means a line; a name that is too long has a line of its own. */
function described(pairs: readonly (readonly [string, string])[], width: number): string {
  const names = pairs.map(([name]) => name.length).filter((length) => length <= LONGEST_NAME);
  const column = Math.max(0, ...names) + 2;
  return pairs
    .map(([name, text]) => {
      const lines = wrapped(text, Math.max(20, width - column - 2), 0).split('\n');
      const body = lines.join(`\n${' '.repeat(column + 2)}`);
      return name.length > LONGEST_NAME
        ? `  ${name}\n${' '.repeat(column + 2)}${body}`
        : `  ${name.padEnd(column)}${body}`;
    })
    .join('\n');
}
