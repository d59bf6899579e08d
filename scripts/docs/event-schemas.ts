import * as contracts from '@storefront/contracts';
import { z } from 'zod';

export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

const base = '#/components/schemas/';

export const schemaRef = (name: string) => ({ $ref: `${base}${name}` });

/** The schemas of the contracts by name, as JSON Schema: these ones, and what they are made of. */
export function eventSchemas(...wanted: string[]): Record<string, JsonSchema> {
  const all = allSchemas();
  const found: Record<string, JsonSchema> = {};
  const collect = (name: string): void => {
    const schema = all[name];
    if (schema === undefined || name in found) return;
    found[name] = schema;
    for (const [, used = ''] of JSON.stringify(schema).matchAll(/"#\/components\/schemas\/(\w+)"/g)) collect(used);
  };
  for (const name of wanted) collect(name);
  return found;
}

function allSchemas(): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(contracts)) if (schema instanceof z.ZodType) registry.add(schema, { id });
  // what a reader accepts: fields with a default may be absent, unknown ones are ignored
  const { schemas } = z.toJSONSchema(registry, { target: 'draft-7', io: 'input', uri: (id) => `${base}${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _draft, $id: _uri, ...schema }]) => [name, schema as JsonSchema]),
  );
}
