import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';

import { varyHeaders } from './hal-responses';

interface KnownRoute {
  segments: readonly string[];
  methods: Set<string>;
  isHal: boolean;
}

declare module 'fastify' {
  interface FastifyInstance {
    knownRoutes?: KnownRoutes;
  }
}

const patchTypes = 'application/merge-patch+json, application/json';

/** The routes of this server by path, to answer what Fastify does not: OPTIONS, and 405 for a method that a path does not have. */
export class KnownRoutes {
  private readonly routes = new Map<string, KnownRoute>();

  add({ url, method, config }: Pick<RouteOptions, 'url' | 'method' | 'config'>): void {
    if (url === '*' || url === '/*') return;
    const route = this.routes.get(url) ?? { segments: segmentsOf(url), methods: new Set(), isHal: false };
    for (const name of [method].flat()) route.methods.add(name.toUpperCase());
    route.isHal ||= config?.hal === true;
    this.routes.set(url, route);
  }

  /**
   * Methods of the most specific route of this path, to be listed in a 405; empty where the answer is 404: no such path, or a
   * resource of the HAL kind, for which Spring Data REST does not say what else it could do.
   */
  insteadOf(method: string, path: string): string[] {
    const route = this.match(path);
    if (route === undefined || (route.isHal && route.methods.has('GET') && !route.methods.has(method))) return [];
    return [...route.methods].filter((name) => name !== 'HEAD' && name !== 'OPTIONS');
  }

  /** Everything this path answers, HEAD and OPTIONS included; empty when there is no such path. Documents of links say GET only, as recorded. */
  allowed(path: string): string[] {
    const route = this.match(path);
    if (route === undefined) return [];
    const isDocument = route.segments.length === 0 || route.segments[0] === 'profile';
    return isDocument ? ['GET'] : [...new Set([...route.methods, 'OPTIONS'])];
  }

  private match(path: string): KnownRoute | undefined {
    const segments = segmentsOf(path);
    return [...this.routes.values()]
      .filter((route) => matches(route.segments, segments))
      .toSorted((a, b) => specificity(b) - specificity(a))[0];
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
  const allowed = known.allowed(request.url);
  if (allowed.length === 0) return reply.callNotFound();
  reply.header('vary', varyHeaders).header('allow', allowed.join(','));
  if (allowed.includes('PATCH')) reply.header('accept-patch', patchTypes);
  return reply.code(200).send();
}

function segmentsOf(url: string): string[] {
  const path = url.split('?')[0] ?? '';
  return path.split('/').filter((segment) => segment !== '');
}

function matches(route: readonly string[], path: readonly string[]): boolean {
  const wildcard = route.at(-1) === '*';
  if (wildcard ? path.length < route.length - 1 : path.length !== route.length) return false;
  return route.every((segment, index) => segment === '*' || segment.startsWith(':') || segment === path[index]);
}

function specificity({ segments }: KnownRoute): number {
  return segments.reduce((sum, segment) => sum * 3 + (segment === '*' ? 0 : segment.startsWith(':') ? 1 : 2), 1);
}
