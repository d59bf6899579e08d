import type { ContentObject, OperationObject, ParameterObject, RequestBodyObject } from '@nestjs/swagger';
import { schemaRef } from './api-schemas';
import type { DescribedResource } from './api-description';
import type { Route } from './hal-route';

type Parameters = NonNullable<OperationObject['parameters']>;
type Media = ContentObject[string];

const ifMatch = header(
  'If-Match',
  'The ETag of the version that is to be changed, such as `"1"`, several of them, or *; another version is refused with 412.',
);
const ifNoneMatch = header(
  'If-None-Match',
  'The ETag of the version the client has, such as `"1"`: 304 while it is the newest.',
);
const ifNoneOf = header(
  'If-None-Match',
  'ETags of versions that must not be the current one, such as `"1"`; * wants the item not to be there. Otherwise 412.',
);
const isWrite = ['command', 'replace', 'change', 'remove'];

/** Without an example: an id that was made up is there nowhere, and a read of it would be a 404. */
const idOfItem = 'The last part of the `self` link of one of these, as the pages of them show it.';

/** The parameters that the handlers and their guards tell of, and those every route of this kind has. */
export function describedParameters(route: Route, told: Parameters): Parameters {
  const kept = told
    .filter((parameter) => !('in' in parameter) || parameter.in !== 'query')
    .map((parameter) => asText(parameter, route));
  return [...kept, ...ofKind(route)];
}

function ofKind({ kind, resource, method }: Route): ParameterObject[] {
  if (method === 'options') return [];
  if (kind === 'page') return [...pageNumbers(), sort(resource)];
  if (kind === 'summary') return pageNumbers();
  if (kind === 'item') return [ifNoneMatch];
  return isWrite.includes(kind) ? [ifMatch, ifNoneOf] : [];
}

function asText(parameter: Parameters[number], { resource }: Route): Parameters[number] {
  if (!('in' in parameter) || parameter.in !== 'path') return parameter;
  const example = resource?.pathExamples?.[parameter.name];
  return {
    ...parameter,
    required: true,
    schema: { type: 'string', minLength: 1 },
    ...(example === undefined ? { description: idOfItem } : { example }),
  };
}

function pageNumbers(): ParameterObject[] {
  const number = (name: string, description: string, schema: object): ParameterObject => ({
    name,
    in: 'query',
    required: false,
    description: `${description} What is no such number counts as the default.`,
    schema: { type: 'integer', ...schema },
  });
  return [
    number('page', 'From 0, which is the default.', { minimum: 0 }),
    number('size', 'How many on a page, 20 by default.', { minimum: 1, maximum: 1000 }),
  ];
}

function sort(resource: DescribedResource | undefined): ParameterObject {
  const properties = resource?.sortable ?? [];
  return {
    name: 'sort',
    in: 'query',
    required: false,
    description: `A property, then \`,desc\` or \`,asc\`; may be there more than once. Upper case comes before lower case; Spring's \`,ignorecase\` at the end is read and changes nothing. Others than these are ignored: ${properties.join(', ') || 'none is known'}.`,
    schema: { type: 'array', items: { type: 'string' } },
  };
}

/** Without an example: Swagger UI would send it unasked, and a version that is not there makes a read a 304 and a write a 412. */
function header(name: string, description: string): ParameterObject {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}

/** The body with an example; a command's may be left out where it needs nothing. */
export function describedBody(route: Route, told: RequestBodyObject): RequestBodyObject {
  const { kind, resource, lastName } = route;
  if (kind === 'change') return { ...told, required: true, content: patches(resource) };
  const example = resource?.requests?.[kind === 'replace' ? resource.collection : lastName];
  const content = Object.fromEntries(
    Object.entries(told.content).map(([type, media]): [string, Media] => [
      type,
      { ...withoutDefault(media), ...(example && { example }) },
    ]),
  );
  return { ...told, content, required: Object.values(content).some(needsSomething) };
}

/** What no body at all counts as is no body that a client could send. */
function withoutDefault({ schema, ...media }: Media): Media {
  if (schema === undefined || !('default' in schema)) return { schema, ...media };
  const { default: _, ...rest } = schema;
  return { schema: rest, ...media };
}

function needsSomething({ schema }: Media): boolean {
  return JSON.stringify(schema ?? {}).includes('"required"');
}

function patches(resource: DescribedResource | undefined): ContentObject {
  const example = resource?.requests?.['patch'];
  const merge: Media = { schema: { type: 'object' }, ...(example && { example }) };
  const operations: Media = {
    schema: { type: 'array', items: schemaRef('PatchOperation') },
    example: [{ op: 'test', path: '/name/lastName', value: 'Doe' }],
  };
  return {
    'application/merge-patch+json': merge,
    'application/json-patch+json': operations,
    'application/json': merge,
  };
}
