import type { ComponentsObject, OpenAPIObject, OperationObject, PathItemObject } from '@nestjs/swagger';
import type { ApiDescription } from './api-description';
import { apiSchemas, schemaName } from './api-schemas';
import { describedAnswers, errorsUsed } from './described-answers';
import { describedError } from './described-errors';
import { describedBody, describedParameters } from './described-requests';
import { halExtension, type Method, type Route, routeOf } from './hal-route';

const methods: readonly Method[] = ['get', 'post', 'put', 'patch', 'delete'];

/**
 * The document that Nest makes of the routes, with what the conventions add to each of them: answers, errors, headers,
 * parameters, names, examples. Routes without a body in common with a resource are the plain ones.
 */
export function describeApi(document: OpenAPIObject, api: ApiDescription): OpenAPIObject {
  const routes: Route[] = [];
  const paths = Object.entries(document.paths).map(([path, item]): [string, PathItemObject] => {
    const described = methods.flatMap((method): [Method, OperationObject][] => {
      const operation = item[method];
      if (operation === undefined) return [];
      const route = routeOf(path, method, operation, api);
      routes.push(route);
      return [[method, describedOperation(operation, route)]];
    });
    return [path, Object.fromEntries(described)];
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

function describedOperation(told: OperationObject, route: Route): OperationObject {
  const { [halExtension]: _, ...operation } = told as OperationObject & { [halExtension]?: unknown };
  const { requestBody } = operation;
  return {
    ...operation,
    operationId: operationId(route),
    tags: [tagOf(route)],
    parameters: describedParameters(route, operation.parameters ?? []),
    ...(requestBody && 'content' in requestBody && { requestBody: describedBody(route, requestBody) }),
    responses: describedAnswers(route),
  };
}

const verbs: Readonly<Record<string, string>> = {
  page: 'list',
  item: 'get',
  create: 'create',
  replace: 'replace',
  change: 'change',
  remove: 'delete',
};

/** `listCustomers`, `getCustomer`, `approveOrder`, `postCustomersSample`. */
function operationId({ kind, resource, method, lastName, path }: Route): string {
  if (resource === undefined || kind === 'text' || kind === 'summary') return camelCase([method, ...wordsOf(path)]);
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
