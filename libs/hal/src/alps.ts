import { z } from 'zod';
import type { Operation, ResourceProfile } from './resource-profile';

const paging = [
  ['page', 'The page to return.'],
  ['size', 'The size of the page to return.'],
  ['sort', 'The sorting criteria to use to calculate the content of the page.'],
].map(([name = '', value]) => semantic(name, value));

const descriptors: Readonly<Record<Operation, (profile: ResourceProfile) => object>> = {
  create: (profile) => descriptor('create', profile.collection, 'UNSAFE', profile),
  update: (profile) => descriptor('update', profile.item, 'IDEMPOTENT', profile),
  delete: (profile) => descriptor('delete', profile.item, 'IDEMPOTENT', profile),
  patch: (profile) => descriptor('patch', profile.item, 'UNSAFE', profile),
};

/** What can be done with a resource, in the vocabulary of ALPS (Application-Level Profile Semantics), as Spring Data REST tells it. */
export function alps(profile: ResourceProfile, href: string): object {
  const { item, collection, schema, operations } = profile;
  const members = Object.entries(schema.shape).map(([name, member]) => semantic(name, valuesOf(member)));
  const of = (name: Operation) => (operations.includes(name) ? [descriptors[name](profile)] : []);
  return {
    alps: {
      version: '1.0',
      descriptor: [
        { id: `${item}-representation`, href, descriptor: members },
        ...of('create'),
        { ...descriptor('get', collection, 'SAFE', profile), descriptor: paging, rt: `#${item}-representation` },
        ...of('update'),
        ...of('delete'),
        descriptor('get', item, 'SAFE', profile),
        ...of('patch'),
      ],
    },
  };
}

function descriptor(verb: string, name: string, type: string, { item }: ResourceProfile): object {
  return { id: `${verb}-${name}`, name, type, descriptor: [], rt: `#${item}-representation` };
}

function semantic(name: string, doc?: string): object {
  return { name, type: 'SEMANTIC', ...(doc !== undefined && { doc: { format: 'TEXT', value: doc } }) };
}

/** The values of an enumeration, as Spring Data REST lists them; undefined for any other member. */
function valuesOf(member: z.core.$ZodType): string | undefined {
  if (member instanceof z.ZodNullable || member instanceof z.ZodOptional) return valuesOf(member.unwrap());
  return member instanceof z.ZodEnum ? member.options.join(', ') : undefined;
}
