import { readFileSync } from 'node:fs';
import { z } from 'zod';

type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with the environment, one line a variable. */
export class EnvironmentFaults extends Error {
  constructor(readonly faults: readonly string[]) {
    super(['The environment is not complete:', ...faults.map((fault) => `  ${fault}`)].join('\n'));
    this.name = 'EnvironmentFaults';
  }
}

const secret = /PASSWORD|SECRET|TOKEN|URI/;

/**
 * Reads the environment by a schema. A variable may have an alias (`.meta({ alias: 'SERVER_PORT' })`), a secret may come from
 * the file that `{NAME}_FILE` names, and an empty value counts as not set. All faults are reported together, without the
 * values of secrets: thrown as `EnvironmentFaults` where `environment` is given; for the process's own one they are printed
 * and the process ends with 1.
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

function parse<S extends z.ZodObject>(schema: S, environment: Environment): z.output<S> {
  const faults: string[] = [];
  const values = Object.fromEntries(
    Object.entries(schema.shape).map(([name, type]) => {
      const alias = z.globalRegistry.get(type as z.ZodType)?.['alias'];
      return [name, valueOf(name, typeof alias === 'string' ? alias : undefined, environment, faults)];
    }),
  );
  const result = schema.safeParse(values);
  if (!result.success) faults.push(...result.error.issues.map((issue) => faultOf(issue, values)));
  if (!result.success || faults.length > 0) throw new EnvironmentFaults(faults);
  return result.data;
}

function valueOf(
  name: string,
  alias: string | undefined,
  environment: Environment,
  faults: string[],
): string | undefined {
  const value = environment[name] || (alias && environment[alias]) || undefined;
  const file = secret.test(name) ? environment[`${name}_FILE`] : undefined;
  if (!file) return value;
  if (value !== undefined) {
    faults.push(`${name} and ${name}_FILE are both set: one of them is expected`);
    return value;
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    faults.push(`${name}_FILE is '${file}': the path of a file that can be read is expected`);
    return undefined;
  }
}

function faultOf(issue: z.core.$ZodIssue, values: Readonly<Record<string, string | undefined>>): string {
  const name = String(issue.path[0] ?? '');
  const value = values[name];
  const given = value === undefined ? 'is not set' : secret.test(name) ? 'is set, but wrong' : `is '${value}'`;
  return name === '' ? issue.message : `${name} ${given}: ${issue.message}`;
}
