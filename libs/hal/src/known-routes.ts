import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { Readable } from 'node:stream';
import { originHeaders } from './hal-responses';
import { patchTypes } from './patch-body';

interface KnownRoute {
  segments: readonly string[];
  methods: Set<string>;
  isHal: boolean;
  /** No original service had it. */
  isOurs: boolean;
}

/** What a client asks about that means no resource (RFC 9110, 9.3.7). */
const wholeServer = '*';

declare module 'fastify' {
  interface FastifyInstance {
    knownRoutes?: KnownRoutes;
  }
}

/** What the routes say of a request that none of them takes. */
export interface Unrouted {
  /** Methods the path has; empty where there is no such path. */
  allowed: readonly string[];
  /** The path belongs to a HAL resource, or to something below an item of one. */
  isHal: boolean;
  isOurs: boolean;
}

/** The routes of this server by path, to answer what Fastify does not: OPTIONS, and 405 for a method that a path does not have. */
export class KnownRoutes {
  private readonly routes = new Map<string, KnownRoute>();
  private mostSegments = 0;

  add({ url, method, config }: Pick<RouteOptions, 'url' | 'method' | 'config'>): void {
    if (url === '*' || url === '/*') return;
    const route = this.routes.get(url) ?? newRoute(url);
    for (const name of [method].flat()) route.methods.add(name.toUpperCase());
    route.isHal ||= config?.hal === true;
    route.isOurs ||= config?.ours === true;
    this.routes.set(url, route);
    this.mostSegments = Math.max(this.mostSegments, route.segments.length);
  }

  /** Every method that some path has: what `OPTIONS *` asks for. */
  get methods(): string[] {
    return [...new Set([...this.routes.values()].flatMap((route) => [...route.methods]).concat('OPTIONS'))];
  }

  unrouted(path: string): Unrouted {
    const route = this.match(path);
    if (route) return { allowed: methodsOf(route), isHal: route.isHal, isOurs: route.isOurs };
    const item = this.itemAbove(path);
    return { allowed: [], isHal: item !== undefined, isOurs: item?.isOurs === true };
  }

  /** What cross-origin handling adds to answers: everywhere but at endpoints with plain answers. */
  varies(path: string): boolean {
    return this.match(path)?.isHal !== false;
  }

  /** Everything this path answers, HEAD and OPTIONS included; empty when there is no such path. Documents of links say GET only, as recorded. */
  allowed(path: string): string[] {
    const route = this.match(path);
    if (route === undefined || isSearch(route, path)) return [];
    const isDocument = route.segments.length === 0 || route.segments[0] === 'profile';
    return isDocument ? ['GET'] : [...new Set([...route.methods, 'OPTIONS'])];
  }

  private match(path: string): KnownRoute | undefined {
    return this.matching(segmentsOf(path));
  }

  private matching(segments: readonly string[]): KnownRoute | undefined {
    return [...this.routes.values()]
      .filter((route) => matches(route.segments, segments))
      .toSorted((a, b) => specificity(b) - specificity(a))[0];
  }

  /** Spring Data REST takes what comes after an item for a property of it. */
  private itemAbove(path: string): KnownRoute | undefined {
    const segments = segmentsOf(path);
    // no item is deeper than the deepest route, however long a path its client makes up
    for (let length = Math.min(segments.length - 1, this.mostSegments); length > 1; length--) {
      const route = this.matching(segments.slice(0, length));
      if (route?.isHal && route.methods.has('GET') && isParameter(route.segments.at(-1))) return route;
    }
    return undefined;
  }
}

/** Remembers every route registered from now on and answers OPTIONS for them. */
export function rememberRoutes(instance: FastifyInstance): void {
  const known = new KnownRoutes();
  instance.decorate('knownRoutes', known);
  instance.addHook('onRoute', (route) => known.add(route));
  instance.options('*', (request, reply) => answerOptions(known, request, reply));
}

function answerOptions(known: KnownRoutes, request: FastifyRequest, reply: FastifyReply): FastifyReply | void {
  if (request.originalUrl === wholeServer) return reply.code(204).header('allow', known.methods.join(',')).send();
  const allowed = known.allowed(request.url);
  const isSearchOfHal = allowed.length === 0 && known.unrouted(request.url).allowed.length > 0;
  if (allowed.length === 0 && !isSearchOfHal) return reply.callNotFound();
  if (known.varies(request.url)) reply.header('vary', originHeaders);
  if (isSearchOfHal) return reply.code(404).send();
  if (isPreflight(request)) return reply.code(403).send(Readable.from(['Invalid CORS request']));
  reply.header('allow', allowed.join(','));
  // Spring tells it of every path that is no resource, empty or not
  if (allowed.includes('PATCH')) reply.header('accept-patch', patchTypes.join(', '));
  else if (!known.varies(request.url)) reply.header('accept-patch', '');
  return reply.code(200).send();
}

/** No origin but the server's own is let in, as with the original services. */
function isPreflight({ headers }: FastifyRequest): boolean {
  return headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}

/** No collection has a search, so `/customers/search` is not an item either. */
function isSearch({ isHal, segments }: KnownRoute, path: string): boolean {
  return isHal && isParameter(segments.at(-1)) && segmentsOf(path).at(-1) === 'search';
}

/** A HAL resource tells all its methods in a 405, other endpoints those that are worth telling, as recorded. */
function methodsOf({ methods, isHal }: KnownRoute): string[] {
  if (isHal) return [...new Set([...methods, 'OPTIONS'])];
  return [...methods].filter((name) => name !== 'HEAD' && name !== 'OPTIONS');
}

function newRoute(url: string): KnownRoute {
  return { segments: segmentsOf(url), methods: new Set(), isHal: false, isOurs: false };
}

function segmentsOf(url: string): string[] {
  const path = url.split('?')[0] ?? '';
  return path.split('/').filter((segment) => segment !== '');
}

function matches(route: readonly string[], path: readonly string[]): boolean {
  const wildcard = route.at(-1) === '*';
  if (wildcard ? path.length < route.length - 1 : path.length !== route.length) return false;
  return route.every((segment, index) => segment === '*' || isParameter(segment) || segment === path[index]);
}

function isParameter(segment: string | undefined): boolean {
  return segment?.startsWith(':') === true;
}

function specificity({ segments }: KnownRoute): number {
  return segments.reduce((sum, segment) => sum * 3 + (segment === '*' ? 0 : isParameter(segment) ? 1 : 2), 1);
}
