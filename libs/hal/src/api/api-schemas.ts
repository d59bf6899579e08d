import type { ComponentsObject } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiDescription, DescribedResource } from './api-description';

export type Schemas = NonNullable<ComponentsObject['schemas']>;

const base = '#/components/schemas/';

export const schemaRef = (name: string) => ({ $ref: `${base}${name}` });

const Link = z.object({ href: z.string(), templated: z.literal(true).optional() }).describe('RFC 6570 when templated.');
const Links = z
  .record(z.string(), Link)
  .describe(
    'Relations and where they lead. Which there are depends on the state: what is not linked cannot be done now.',
  );
const PageNumbers = z.object({
  size: z.int(),
  totalElements: z.int(),
  totalPages: z.int(),
  number: z.int(),
  returned: z
    .int()
    .optional()
    .describe(
      'Only where the page ends earlier because it would be too long: how many there are on it. `next` goes on.',
    ),
});

const FieldErrors = z
  .array(z.object({ field: z.string(), message: z.string() }))
  .describe('What is wrong where; an empty field is the body itself.');

const Root = z.object({ _links: Links });

/** RFC 6902. */
const PatchOperation = z.object({
  op: z.enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
  path: z.string(),
  from: z.string().optional(),
  value: z.unknown().optional(),
});

/** RFC 9457. */
const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  errors: FieldErrors.optional(),
});

/** Spring Data REST's. */
const Failure = z.object({
  cause: z.object({ cause: z.null(), message: z.string() }).nullable(),
  message: z.string(),
  errors: FieldErrors.optional(),
});

/** Spring Boot's, about paths, methods and types. */
const RoutingFailure = z.object({
  timestamp: z.string(),
  status: z.int(),
  error: z.string(),
  message: z.string(),
  path: z.string(),
});

const common = { Link, Links, Root, PageNumbers, FieldErrors, Problem, Failure, RoutingFailure };

/** `Customer`, `CustomerOrders`: the name of an item's schema. */
export function schemaName({ item }: DescribedResource): string {
  return capitalized(item);
}

export function pageSchemaName(resource: DescribedResource): string {
  return `${schemaName(resource)}Page`;
}

/** Every named schema of the service as JSON Schema 2020-12: items and pages with their links, errors, and what they are made of. */
export function apiSchemas({ resources, summaries = {} }: ApiDescription): Schemas {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of definitionsOf(resources)) registry.add(schema, { id });
  for (const resource of resources) {
    const item = resource.schema.extend({ _links: Links });
    registry.add(item, { id: schemaName(resource) });
    const page = z.object({
      _embedded: z.object({ [resource.collection]: z.array(item) }),
      _links: Links,
      page: PageNumbers,
    });
    registry.add(page, { id: pageSchemaName(resource) });
  }
  for (const [path, summary] of Object.entries(summaries)) registry.add(summary, { id: summaryName(path) });
  return converted(registry);
}

/** `CustomersSummary` of `/customers/summary`. */
export function summaryName(path: string): string {
  const words = path.split('/').filter((segment) => segment !== '');
  return words.map(capitalized).join('');
}

/** An item's name is not given to a part of another item. */
function definitionsOf(resources: readonly DescribedResource[]): [string, z.ZodType][] {
  const items = resources.map(schemaName);
  const parts = resources.flatMap(({ definitions = {} }) => Object.entries(definitions));
  const named = parts.map(([name, schema]): [string, z.ZodType] => [capitalized(name), schema]);
  const isPatched = resources.some(({ requests = {} }) => 'patch' in requests);
  const all = { ...common, ...(isPatched && { PatchOperation }) };
  return Object.entries({ ...Object.fromEntries(named.filter(([name]) => !items.includes(name))), ...all });
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Objects stay open: links are added to them, and a newer service may say more. */
function converted(registry: ReturnType<typeof z.registry<{ id: string }>>): Schemas {
  const { schemas } = z.toJSONSchema(registry, {
    io: 'output',
    target: 'draft-2020-12',
    unrepresentable: 'any',
    uri: (id) => `${base}${id}`,
    override: ({ jsonSchema: node }) => {
      if (node.additionalProperties === false) delete node.additionalProperties;
    },
  });
  const entries = Object.entries(schemas).map(([name, { $schema: _draft, $id: _uri, ...schema }]) => [name, schema]);
  return Object.fromEntries(entries) as Schemas;
}
