import type { ComponentsObject, OpenAPIObject, OperationObject, PathItemObject } from '@nestjs/swagger';
import type { ApiDescription } from './api-description';
import { apiSchemas, schemaName } from './api-schemas';
import { describedAnswers, errorsUsed } from './described-answers';
import { describedError } from './described-errors';
import { describedBody, describedParameters } from './described-requests';
import { halExtension, type Method, type Route, routeOf } from './hal-route';
import { type Told, withHeadAndOptions } from './head-and-options';

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

/**
 * The document that Nest makes of the routes, with what the conventions add to each of them: answers, errors, headers,
 * parameters, names, examples. Routes without a body in common with a resource are the plain ones.
 */
export function describeApi(document: OpenAPIObject, api: ApiDescription): OpenAPIObject {
  const routes: Route[] = [];
  const paths = Object.entries(document.paths).map(([path, item]): [string, PathItemObject] => {
    const told = methods.flatMap((method): Told[] => {
      const operation = item[method];
      return operation === undefined ? [] : [{ operation, route: routeOf(path, method, operation, api) }];
    });
    const all = withHeadAndOptions(told);
    routes.push(...all.map(({ route }) => route));
    return [path, Object.fromEntries(all.map(described))];
  });
  return {
    ...document,
    info: { ...document.info, title: api.title, description: api.description },
    paths: Object.fromEntries(paths),
    tags: tagsOf(routes),
    components: { ...document.components, ...components(document.components, routes, api) },
  };
}

function components(told: ComponentsObject = {}, routes: readonly Route[], api: ApiDescription): ComponentsObject {
  const errors = routes.flatMap(errorsUsed);
  return {
    schemas: { ...told.schemas, ...apiSchemas(api) },
    responses: Object.fromEntries(
      errors.map(([status, shape]) => [`${shape}${status}`, describedError(status, shape)]).toSorted(byName),
    ),
  };
}

function byName([a]: unknown[], [b]: unknown[]): number {
  return String(a) < String(b) ? -1 : 1;
}

function described({ operation: told, route }: Told): [Method, OperationObject] {
  const { [halExtension]: _, ...operation } = told as OperationObject & { [halExtension]?: unknown };
  const { requestBody } = operation;
  const complete = {
    ...operation,
    operationId: operationId(route),
    tags: [tagOf(route)],
    parameters: describedParameters(route, operation.parameters ?? []),
    ...(requestBody && 'content' in requestBody && { requestBody: describedBody(route, requestBody) }),
    responses: describedAnswers(route),
  };
  return [route.method, complete];
}

const verbs: Readonly<Record<string, string>> = {
  page: 'list',
  item: 'get',
  create: 'create',
  replace: 'replace',
  change: 'change',
  remove: 'delete',
};

/** `listCustomers`, `getCustomer`, `approveOrder`, `postCustomersSample`, `headCustomersId`. */
function operationId({ kind, resource, method, lastName, path }: Route): string {
  const isByPath = method === 'head' || method === 'options' || kind === 'text' || kind === 'summary';
  if (resource === undefined || isByPath) return camelCase([method, ...wordsOf(path)]);
  const noun = kind === 'page' ? resource.collection : schemaName(resource);
  return camelCase([...(verbs[kind] ?? lastName).split('-'), noun]);
}

function wordsOf(path: string): string[] {
  const words = path.split(/[^A-Za-z]+/).filter((word) => word !== '');
  return words.length === 0 ? ['root'] : words;
}

function camelCase([first = '', ...words]: string[]): string {
  return first + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function tagOf({ kind, resource }: Route): string {
  if (kind === 'text') return 'sample';
  return kind === 'summary' ? 'summary' : (resource?.collection ?? 'root');
}

function tagsOf(routes: readonly Route[]): { name: string }[] {
  return [...new Set(routes.map(tagOf))].map((name) => ({ name }));
}
