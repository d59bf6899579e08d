import type { ContentObject, HeadersObject, ResponseObject, ResponsesObject } from '@nestjs/swagger';
import { halType, jsonType, uriListType } from '../accepted-type';
import { consistencyToken } from '../consistency-token';
import type { DescribedResource } from './api-description';
import { pageSchemaName, schemaName, schemaRef, summaryName } from './api-schemas';
import { type ErrorShape, errorRef, shapeOf } from './described-errors';
import type { ErrorStatus } from './error-texts';
import type { Route, RouteKind } from './hal-route';
import { headAnswers, optionsAnswers } from './head-and-options';

const text = (description: string, required = true) => ({ description, required, schema: { type: 'string' as const } });

const vary: HeadersObject = { Vary: text('What the answer depends on besides the URL.', false) };
const etag: HeadersObject = { ETag: text('The version, for If-Match and If-None-Match.') };
const maybeTagged: HeadersObject = { ETag: text('The version, where the resource has one.', false) };
const location: HeadersObject = { Location: text('Where the item is.') };
const token: HeadersObject = {
  [consistencyToken]: text('Names this write: services that hear of it later can be asked to wait for it.'),
};

/** Which errors each kind of route has besides 400, 406, 414 and 503. */
const errorsOf: Readonly<Record<RouteKind, readonly ErrorStatus[]>> = {
  links: [],
  page: [],
  item: [404],
  create: [409, 413, 415, 422],
  command: [404, 409, 412, 413, 415, 422],
  replace: [404, 405, 409, 412, 413, 415, 428],
  change: [404, 405, 409, 412, 413, 415, 428],
  remove: [404, 405, 409, 412, 413, 415, 428],
  summary: [],
  text: [404],
};

/** Everything a route can answer. */
export function describedAnswers(route: Route): ResponsesObject {
  const answers: ResponsesObject = answersOf(route);
  for (const [status, shape] of errorsUsed(route)) answers[status] = errorRef(status, shape);
  return answers;
}

function answersOf(route: Route): ResponsesObject {
  if (route.method === 'options') return optionsAnswers(route);
  return route.method === 'head' ? headAnswers(route.kind, successes(route)) : successes(route);
}

/** The errors of a route, each in the shape it has there. */
export function errorsUsed(route: Route): [ErrorStatus, ErrorShape][] {
  const { method, kind, isOurs } = route;
  const isPlain = kind === 'summary' || kind === 'text';
  return statusesOf(route)
    .toSorted((a, b) => a - b)
    .map((status) => {
      if (method === 'head') return [status, 'head'];
      return [status, isPlain ? 'routing' : shapeOf(status, isOurs)];
    });
}

/** OPTIONS looks neither for the resource nor at Accept; there is no `/…/search` all the same. */
function statusesOf({ method, kind, path }: Route): ErrorStatus[] {
  const below: ErrorStatus[] = path.includes('{') ? [404] : [];
  if (method === 'options') return [400, ...(path.endsWith('}') ? below : []), 414, 503];
  return [...new Set<ErrorStatus>([400, ...below, 406, ...errorsOf[kind], 414, 503])];
}

function successes(route: Route): ResponsesObject {
  const { kind, resource, status, path } = route;
  if (kind === 'text') return { [status]: plain('Done; says so.', 'text/plain', { type: 'string' }) };
  if (kind === 'summary') return { 200: plain('Everything.', jsonType, schemaRef(summaryName(path))) };
  if (kind === 'links') return { 200: answer('Where everything starts.', vary, halContent('Root')) };
  if (resource === undefined) throw new Error(`${path}: no resource is described for it`);
  if (kind === 'page') return { 200: answer('A page.', vary, pageContent(resource)) };
  return itemSuccesses(kind, resource);
}

function itemSuccesses(kind: RouteKind, resource: DescribedResource): ResponsesObject {
  const content = itemContent(resource);
  const written = { ...vary, ...token };
  const bodiless = answer('Done; without Accept there is no body.', written);
  switch (kind) {
    case 'create':
      return { 201: answer('It was created.', { ...written, ...etag, ...location }, content) };
    case 'command':
      return { 200: answer('It was done.', { ...written, ...etag }, content) };
    case 'replace':
      return {
        200: answer('It was replaced.', { ...written, ...etag, ...location }, content),
        201: answer('It was created.', { ...written, ...etag, ...location }, content),
        204: bodiless,
      };
    case 'change':
      return { 200: answer('It was changed.', { ...written, ...etag }, content), 204: bodiless };
    case 'remove':
      return { 204: answer('It was deleted.', written) };
    default:
      return {
        200: answer('The item.', { ...vary, ...maybeTagged }, content),
        304: answer('If-None-Match names the version that is there.', { ...vary, ...maybeTagged }),
      };
  }
}

function answer(description: string, headers: HeadersObject, content?: ContentObject): ResponseObject {
  return { description, headers, ...(content && { content }) };
}

function plain(
  description: string,
  type: string,
  schema: NonNullable<ContentObject[string]['schema']>,
): ResponseObject {
  return { description, content: { [type]: { schema } } };
}

function halContent(schema: string, example?: object): ContentObject {
  const media = { schema: schemaRef(schema), ...(example && { example }) };
  return { [halType]: media, [jsonType]: media };
}

function itemContent(resource: DescribedResource): ContentObject {
  return halContent(schemaName(resource), exampleItem(resource));
}

function pageContent(resource: DescribedResource): ContentObject {
  const { collection } = resource;
  const self = { href: `http://127.0.0.1:8080/${collection}` };
  const example = {
    _embedded: { [collection]: [exampleItem(resource)] },
    _links: { self, profile: { href: `http://127.0.0.1:8080/profile/${collection}` } },
    page: { size: 20, totalElements: 1, totalPages: 1, number: 0 },
  };
  const uris = { schema: { type: 'string' as const }, example: `${self.href}/1\n` };
  return { ...halContent(pageSchemaName(resource), example), [uriListType]: uris };
}

function exampleItem({ item, collection, example }: DescribedResource): object {
  const self = { href: `http://127.0.0.1:8080/${collection}/1` };
  return { ...example, _links: { self, [item]: self } };
}
