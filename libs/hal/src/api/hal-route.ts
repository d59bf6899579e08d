import type { OperationObject } from '@nestjs/swagger';
import type { ApiDescription, DescribedResource } from './api-description';

/** What HalController writes into an operation, for the document's sake; it is not left in. */
export const halExtension = 'x-hal';

/** In the order in which Allow tells them. */
export type Method = 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete' | 'options';

/** What kind of route it is says what it answers. `text` and `summary` are the endpoints with plain answers. */
export type RouteKind =
  'links' | 'page' | 'item' | 'create' | 'command' | 'replace' | 'change' | 'remove' | 'summary' | 'text';

export interface Route {
  readonly path: string;
  readonly method: Method;
  /** For OPTIONS: what Allow tells. */
  readonly allowed?: readonly string[];
  readonly kind: RouteKind;
  readonly isOurs: boolean;
  readonly resource: DescribedResource | undefined;
  /** The last segment that is no parameter: `approve` of a command, `orders` of a collection. */
  readonly lastName: string;
  /** The status of success where the handler says it. */
  readonly status: number;
}

const kindsOfWrites: Readonly<Record<string, RouteKind>> = { put: 'replace', patch: 'change', delete: 'remove' };

/** Reads of the path, the method and what HalController wrote which kind of route an operation is. */
export function routeOf(path: string, method: Method, operation: OperationObject, api: ApiDescription): Route {
  const hal = (operation as { [halExtension]?: { ours: boolean } })[halExtension];
  const names = path.split('/').filter((segment) => segment !== '' && !segment.startsWith('{'));
  const status = Number(Object.keys(operation.responses)[0] ?? 200);
  const kind = hal === undefined ? plainKind(path) : (kindsOfWrites[method] ?? halKind(path, method, status));
  const collection = kind === 'command' ? names.at(-2) : names.at(-1);
  return {
    path,
    method,
    kind,
    status,
    isOurs: hal?.ours === true,
    resource: api.resources.find((resource) => resource.collection === collection),
    lastName: names.at(-1) ?? '',
  };
}

function plainKind(path: string): RouteKind {
  return path.endsWith('/summary') ? 'summary' : 'text';
}

function halKind(path: string, method: Method, status: number): RouteKind {
  if (method === 'post') return status === 201 ? 'create' : 'command';
  if (path === '/') return 'links';
  return path.endsWith('}') ? 'item' : 'page';
}
