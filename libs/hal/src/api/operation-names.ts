import type { TagObject } from '@nestjs/swagger';
import { schemaName } from './api-schemas';
import type { Route, RouteKind } from './hal-route';

const verbs: Readonly<Record<string, string>> = {
  page: 'list',
  item: 'get',
  create: 'create',
  replace: 'replace',
  change: 'change',
  remove: 'delete',
};

const summaries: Readonly<Record<RouteKind, (noun: string, route: Route) => string>> = {
  links: () => 'Where everything starts',
  page: (_, { resource }) => `A page of ${spaced(resource?.collection ?? '')}`,
  item: (noun) => `One ${noun}`,
  create: (noun) => `Create: ${noun}`,
  replace: (noun) => `Replace or create: ${noun}`,
  change: (noun) => `Change: ${noun}`,
  remove: (noun) => `Delete: ${noun}`,
  command: (noun, { lastName }) => `${capitalized(lastName)}: ${noun}`,
  summary: () => 'Everything at once',
  text: (_, { lastName }) => `Sample data: ${lastName}`,
};

/** `listCustomers`, `getCustomer`, `approveOrder`, `postCustomersSample`, `headCustomersId`. */
export function operationId({ kind, resource, method, lastName, path }: Route): string {
  const isByPath = method === 'head' || method === 'options' || kind === 'text' || kind === 'summary';
  if (resource === undefined || isByPath) return camelCase([method, ...wordsOf(path)]);
  const noun = kind === 'page' ? resource.collection : schemaName(resource);
  return camelCase([...(verbs[kind] ?? lastName).split('-'), noun]);
}

/** `Approve: order`, in a line. */
export function summaryOf(route: Route): string {
  if (route.method === 'options') return 'What the path has';
  const summary = summaries[route.kind](spaced(route.resource?.item ?? ''), route);
  return route.method === 'head' ? `${summary}, without the body` : summary;
}

export function tagOf({ kind, resource }: Route): string {
  if (kind === 'text') return 'sample';
  return kind === 'summary' ? 'summary' : (resource?.collection ?? 'root');
}

const plainTags: Readonly<Record<string, string>> = {
  root: 'The document of links where everything starts.',
  sample: 'Sample data, where SAMPLE_DATA is enabled.',
  summary: 'Everything at once, as the original services told it.',
};

export function tagsOf(routes: readonly Route[]): TagObject[] {
  const names = [...new Set(routes.map(tagOf))];
  return names.map((name) => ({ name, description: plainTags[name] ?? `The resource ${name}: pages and items.` }));
}

function wordsOf(path: string): string[] {
  const words = path.split(/[^A-Za-z]+/).filter((word) => word !== '');
  return words.length === 0 ? ['root'] : words;
}

function camelCase([first = '', ...words]: string[]): string {
  return first + words.map(capitalized).join('');
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `customer orders` of `customerOrders`. */
function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
