import type { Operation, ResourceProfile } from './resource-profile';

const paging = [
  ['page', 'The page to return.'],
  ['size', 'The size of the page to return.'],
  ['sort', 'The sorting criteria to use to calculate the content of the page.'],
].map(([name, value]) => ({ name, type: 'SEMANTIC', doc: { format: 'TEXT', value } }));

const descriptors: Readonly<Record<Operation, (profile: ResourceProfile) => object>> = {
  create: (profile) => descriptor('create', profile.collection, 'UNSAFE', profile),
  update: (profile) => descriptor('update', profile.item, 'IDEMPOTENT', profile),
  delete: (profile) => descriptor('delete', profile.item, 'IDEMPOTENT', profile),
  patch: (profile) => descriptor('patch', profile.item, 'UNSAFE', profile),
};

/** What can be done with a resource, in the vocabulary of ALPS (Application-Level Profile Semantics), as Spring Data REST tells it. */
export function alps(profile: ResourceProfile, href: string): object {
  const { item, collection, schema, operations } = profile;
  const members = Object.keys(schema.shape).map((name) => ({ name, type: 'SEMANTIC' }));
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
