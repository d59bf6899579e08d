import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type FollowedFile, followFiles } from './followed-files';

type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with the environment, one line a variable. */
export class EnvironmentFaults extends Error {
  constructor(readonly faults: readonly string[]) {
    super(['The environment is not complete:', ...faults.map((fault) => `  ${fault}`)].join('\n'));
    this.name = 'EnvironmentFaults';
  }
}

/** What a schema may say of a variable, by zod's `.meta()`. */
interface VariableMeta {
  /** Other names: of an application of somebody else's that has the same setting. */
  readonly alias?: string | readonly string[];
  /** An empty value is one; elsewhere it counts as not set. */
  readonly emptyCounts?: boolean;
}

/** Where a variable's value was found. */
interface Found {
  readonly name: string;
  readonly value: string;
  /** Of the file that it came from. */
  readonly path?: string;
}

/** Neither secrets nor whole certificates are shown. */
const secret = /PASSWORD|SECRET|TOKEN|URI|JAAS|_KEY|_CERT$|_CA$/;
/** Settings of Spring's for what we have settings for too: one that nobody reads is worth a line. */
const spring = /^(SPRING[._](KAFKA|DATA[._]MONGODB)|MANAGEMENT)[._]/i;
/** These have names in them that nobody knows before: who needs them looks for them himself. */
const named = /^MANAGEMENT[._](ENDPOINT[._]HEALTH[._]GROUP|METRICS[._]TAGS|OBSERVATIONS[._]KEY[._-]?VALUES)[._]/i;
/** Ours have the names of Spring's. */
const springs = /^MANAGEMENT_/;
const notRead = new WeakMap<object, readonly string[]>();

/**
 * Reads the environment by a schema. Any variable may come from the file that `{NAME}_FILE` names, and have aliases
 * (`.meta({ alias: 'SERVER_PORT' })`), which are found as Spring finds them, as `MANAGEMENT_…` is: whatever the case, and
 * whether parts are separated by `_`, `-`, `.` or nothing. Its own name goes before an alias, and an empty value counts as not set. A value that
 * came from a file follows the file afterwards (`followFiles`). All faults are reported together, without the values of secrets: thrown as
 * `EnvironmentFaults` where `environment` is given; for the process's own one they are printed and the process ends with 1.
 */
export function readEnvironment<S extends z.ZodObject>(schema: S, environment?: Environment): z.output<S> {
  if (environment !== undefined) return parse(schema, environment);
  try {
    return parse(schema, process.env);
  } catch (error) {
    if (!(error instanceof EnvironmentFaults)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

/** The names of Spring's settings for Kafka, MongoDB and management that were set when this environment was read, and that nothing uses. */
export function settingsNotRead(environment: object): readonly string[] {
  return notRead.get(environment) ?? [];
}

function parse<S extends z.ZodObject>(schema: S, environment: Environment): z.output<S> {
  const faults: string[] = [];
  const aliases = new Map(Object.keys(environment).map((name) => [relaxed(name), name]));
  const found = new Map<string, Found>();
  for (const [name, type] of Object.entries(schema.shape)) {
    const meta = (z.globalRegistry.get(type as z.ZodType) ?? {}) as VariableMeta;
    const names = [name, ...aliasesIn(aliases, name, meta)];
    const value = valueOf(names, meta, environment, faults);
    if (value) found.set(name, value);
  }
  const values = Object.fromEntries([...found].map(([name, { value }]) => [name, value]));
  const result = schema.safeParse(values);
  if (!result.success) faults.push(...result.error.issues.map((issue) => faultOf(issue, found)));
  if (!result.success || faults.length > 0) throw new EnvironmentFaults(faults);
  const known = new Set([...found.values()].map(({ name }) => name));
  const unknown = Object.keys(environment).filter(
    (name) => environment[name] && spring.test(name) && !named.test(name) && !known.has(name),
  );
  notRead.set(result.data, unknown);
  followFiles(result.data, schema, filesOf(found));
  return result.data;
}

function filesOf(found: ReadonlyMap<string, Found>): FollowedFile[] {
  return [...found].flatMap(([name, { path, value }]) => (path === undefined ? [] : [{ name, path, text: value }]));
}

function relaxed(name: string): string {
  return name.replace(/[-_.]/g, '').toUpperCase();
}

function aliasesIn(names: ReadonlyMap<string, string>, own: string, { alias = [] }: VariableMeta): string[] {
  return [...(springs.test(own) ? [own] : []), ...[alias].flat()].flatMap((each) => names.get(relaxed(each)) ?? []);
}

function valueOf(
  names: readonly string[],
  { emptyCounts = false }: VariableMeta,
  environment: Environment,
  faults: string[],
): Found | undefined {
  const counts = (name: string) => (emptyCounts ? environment[name] !== undefined : Boolean(environment[name]));
  const name = names.find(counts);
  const value = name === undefined ? undefined : { name, value: environment[name] ?? '' };
  const fromFile = `${names[0]}_FILE`;
  const file = environment[fromFile];
  if (!file) return value;
  if (value !== undefined) {
    faults.push(`${value.name} and ${fromFile} are both set: one of them is expected`);
    return value;
  }
  try {
    return { name: fromFile, value: readFileSync(file, 'utf8').trim(), path: file };
  } catch {
    faults.push(`${fromFile} is '${file}': the path of a file that can be read is expected`);
    return undefined;
  }
}

function faultOf(issue: z.core.$ZodIssue, values: ReadonlyMap<string, Found>): string {
  const name = String(issue.path[0] ?? '');
  if (name === '') return issue.message;
  const given = values.get(name);
  if (given === undefined) return `${name} is not set: ${issue.message}`;
  const isSecret = secret.test(name) || given.name.endsWith('_FILE');
  return `${given.name} ${isSecret ? 'is set, but wrong' : `is '${given.value}'`}: ${issue.message}`;
}
