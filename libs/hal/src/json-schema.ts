import { z } from 'zod';
import type { ResourceProfile } from './resource-profile';

interface Node {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  items?: Node;
  anyOf?: Node[];
  properties?: Record<string, Node>;
  definitions?: Record<string, Node>;
}

/**
 * The JSON Schema (draft 4) of a resource as Spring Data REST writes it: every property with a title, `null` not among its
 * types although it may be sent, nested objects under the names the profile gives them.
 */
export function jsonSchema({ item, schema, definitions = {} }: ResourceProfile): object {
  const names = z.registry<{ id: string }>();
  for (const [id, nested] of Object.entries(definitions)) names.add(nested, { id });
  // what the registry holds is all that is told of a schema
  const root = z.toJSONSchema(schema, { target: 'draft-4', metadata: names as typeof z.globalRegistry }) as Node;
  return {
    title: titleOf(item),
    properties: properties(root),
    definitions: Object.fromEntries(
      Object.entries(root.definitions ?? {}).map(([name, node]) => [
        name,
        { type: 'object', properties: properties(node) },
      ]),
    ),
    type: 'object',
    $schema: 'http://json-schema.org/draft-04/schema#',
  };
}

function properties(node: Node): object {
  const all = Object.entries(node.properties ?? {});
  return Object.fromEntries(all.map(([name, property]) => [name, { ...titled(name), ...described(property) }]));
}

function titled(name: string): object {
  return { title: titleOf(name), readOnly: false };
}

function described(node: Node): object {
  const one = withoutNull(node);
  if (one.$ref !== undefined) return { type: 'object', $ref: one.$ref };
  const type = [one.type].flat().find((name) => name !== 'null');
  return { type, ...(one.enum && { enum: one.enum }), ...(one.items && { items: element(one.items) }) };
}

function element(items: Node): object {
  const { $ref, type } = withoutNull(items);
  return $ref === undefined ? { type } : { $ref };
}

function withoutNull(node: Node): Node {
  return node.anyOf?.find(({ type }) => type !== 'null') ?? node;
}

/** `customerOrders` becomes `Customer orders`. */
function titleOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
