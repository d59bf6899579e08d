import type { ComponentsObject, OpenAPIObject, OperationObject, PathItemObject } from '@nestjs/swagger';
import type { ApiDescription } from './api-description';
import { apiSchemas } from './api-schemas';
import { describedAnswers, errorsUsed } from './described-answers';
import { describedError } from './described-errors';
import { withLinks } from './described-links';
import { describedBody, describedParameters } from './described-requests';
import { halExtension, type Method, type Route, routeOf } from './hal-route';
import { type Told, withHeadAndOptions } from './head-and-options';
import { operationId, summaryOf, tagOf, tagsOf } from './operation-names';

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

/**
 * The document that Nest makes of the routes, with what the conventions add to each of them: answers, errors, headers,
 * parameters, names, examples, and what to call next. Routes without a body in common with a resource are the plain ones.
 */
export function describeApi(document: OpenAPIObject, api: ApiDescription): OpenAPIObject {
  const paths = Object.entries(document.paths).map(([path, item]): [string, Told[]] => [path, toldOf(path, item, api)]);
  const routes = paths.flatMap(([, told]) => told.map(({ route }) => route));
  return {
    ...document,
    info: { ...document.info, title: api.title, description: api.description },
    security: [],
    paths: Object.fromEntries(
      paths.map(([path, told]): [string, PathItemObject] => [
        path,
        Object.fromEntries(told.map((each) => described(each, routes))),
      ]),
    ),
    tags: tagsOf(routes),
    components: { ...document.components, ...components(document.components, routes, api) },
  };
}

function toldOf(path: string, item: PathItemObject, api: ApiDescription): Told[] {
  const told = methods.flatMap((method): Told[] => {
    const operation = item[method];
    return operation === undefined ? [] : [{ operation, route: routeOf(path, method, operation, api) }];
  });
  return withHeadAndOptions(told);
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

function described({ operation: told, route }: Told, routes: readonly Route[]): [Method, OperationObject] {
  const { [halExtension]: _, ...operation } = told as OperationObject & { [halExtension]?: unknown };
  const { requestBody } = operation;
  const complete = {
    ...operation,
    operationId: operationId(route),
    summary: summaryOf(route),
    tags: [tagOf(route)],
    parameters: describedParameters(route, operation.parameters ?? []),
    ...(requestBody && 'content' in requestBody && { requestBody: describedBody(route, requestBody) }),
    responses: withLinks(describedAnswers(route), route, routes),
  };
  return [route.method, complete];
}
