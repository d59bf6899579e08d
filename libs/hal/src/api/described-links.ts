import type { LinkObject, LinksObject, ResponsesObject } from '@nestjs/swagger';
import type { NextPath } from './api-description';
import type { Route, RouteKind } from './hal-route';
import { operationId } from './operation-names';

/** Those that tell of an item. */
const telling: readonly RouteKind[] = ['page', 'create', 'item', 'command', 'replace', 'change'];
const bodied = ['200', '201'];

/** The answers of a route with OpenAPI's links: what can be asked for next, and where its parameter is told. */
export function withLinks(answers: ResponsesObject, route: Route, routes: readonly Route[]): ResponsesObject {
  const links = linksOf(route, routes);
  if (Object.keys(links).length === 0) return answers;
  const linked = Object.entries(answers).map(([status, answer]): [string, typeof answer] => {
    const hasBody = bodied.includes(status) && answer !== undefined && 'description' in answer;
    return [status, hasBody ? { ...answer, links } : answer];
  });
  return Object.fromEntries(linked);
}

function linksOf(route: Route, routes: readonly Route[]): LinksObject {
  if (!isCalled(route) || !telling.includes(route.kind)) return {};
  const all = [...(route.resource?.next ?? []), ...ownPath(route, routes)].filter(({ parameter }) =>
    isTold(parameter, route),
  );
  return Object.fromEntries(
    all.flatMap((next) => {
      const targets = routes.filter((target) => isCalled(target) && isAtOrBelow(target.path, next.path));
      return targets.map((target) => [operationId(target), link(route, next, target)]);
    }),
  );
}

/** An item's id is in the path of who asked for it, and perhaps in the request of who created it. */
function ownPath({ kind, path, resource }: Route, routes: readonly Route[]): NextPath[] {
  const own = routes.find((each) => each.kind === 'item' && each.resource === resource)?.path;
  if (own === undefined) return [];
  if (isAtOrBelow(path, own)) return [{ path: own, parameter: `$request.path.${nameIn(own)}` }];
  const { chosenId } = resource ?? {};
  return kind === 'create' && chosenId !== undefined ? [{ path: own, parameter: `$request.body#${chosenId}` }] : [];
}

function link(route: Route, { path, parameter, body }: NextPath, target: Route): LinkObject {
  const at = (pointer: string) => expression(pointer, route);
  return {
    operationId: operationId(target),
    parameters: { [nameIn(path)]: at(parameter) },
    ...(body && target.kind === 'create' && { requestBody: body(at) }),
  };
}

/** Of a page, the first item. */
function expression(parameter: string, { kind, resource }: Route): string {
  if (parameter.startsWith('$')) return parameter;
  const item = kind === 'page' ? `/_embedded/${resource?.collection}/0` : '';
  return `$response.body#${item}${parameter}`;
}

function isTold(parameter: string, { path }: Route): boolean {
  const [, name] = /^\$request\.path\.(.+)$/.exec(parameter) ?? [];
  return name === undefined || path.includes(`{${name}}`);
}

function isCalled({ method }: Route): boolean {
  return method !== 'head' && method !== 'options';
}

function isAtOrBelow(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}/`);
}

function nameIn(path: string): string {
  return /\{(\w+)\}/.exec(path)?.[1] ?? '';
}
