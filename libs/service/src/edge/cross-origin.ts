import { isOpenManagementUrl, isManagementUrl } from '@storefront/actuator';
import { answerProblemDetails, isCrossSite, originHeaders } from '@storefront/hal';
import { ForbiddenException } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { EdgeEnvironment } from './edge-environment';

/** Which cross-origin requests a part of the server accepts: Spring's CorsConfiguration. */
interface CrossOrigin {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposedHeaders: readonly string[];
  readonly maxAgeSeconds: number;
}

type Rules = (url: string) => CrossOrigin | undefined;

const safeMethods = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route only hands requests on: the server behind it judges where they come from. */
    forwarded?: boolean;
  }
}

/**
 * Refuses with 403 what a page of another origin makes its visitor's browser send in order to change something, unless the
 * settings let that origin in; then CORS headers and preflights are answered as Spring answers them. A read from elsewhere is
 * answered without these headers, so that its page does not get to see it. Requests of other programs have neither `Origin`
 * nor `Sec-Fetch-Site` and are not concerned.
 */
export function judgeOrigins(instance: FastifyInstance, environment: EdgeEnvironment): void {
  const rules = rulesOf(environment);
  instance.addHook('onRequest', (request, reply, done) => {
    const { forwarded, changes } = request.routeOptions.config ?? {};
    if (forwarded === true || !isCrossSite(request)) return done();
    const rule = rules(request.url);
    if (rule && isLetIn(request, rule)) return letIn(rule, request, reply, done);
    // an OPTIONS that is refused has its answer as recorded
    if (safeMethods.includes(request.method) && changes !== true) return done();
    answerProblemDetails(new ForbiddenException(refusal(request)), request, reply);
  });
}

function rulesOf(environment: EdgeEnvironment): Rules {
  const api = {
    origins: environment.CORS_ALLOWED_ORIGINS,
    methods: environment.CORS_ALLOWED_METHODS,
    headers: environment.CORS_ALLOWED_HEADERS,
    exposedHeaders: environment.CORS_EXPOSED_HEADERS,
    maxAgeSeconds: environment.CORS_MAX_AGE,
  };
  const management = {
    origins: environment.MANAGEMENT_ENDPOINTS_WEB_CORS_ALLOWED_ORIGINS,
    methods: environment.MANAGEMENT_ENDPOINTS_WEB_CORS_ALLOWED_METHODS,
    headers: environment.MANAGEMENT_ENDPOINTS_WEB_CORS_ALLOWED_HEADERS,
    exposedHeaders: environment.MANAGEMENT_ENDPOINTS_WEB_CORS_EXPOSED_HEADERS,
    maxAgeSeconds: environment.MANAGEMENT_ENDPOINTS_WEB_CORS_MAX_AGE,
  };
  return (url) => {
    if (isOpenManagementUrl(url)) return management;
    return isManagementUrl(url) ? undefined : api;
  };
}

/** Also of a preflight: then it is the method, and the headers, of the request that is to follow. */
function isLetIn(request: FastifyRequest, { origins, methods, headers }: CrossOrigin): boolean {
  const { origin } = request.headers;
  if (origin === undefined || !(origins.includes(origin) || origins.includes('*'))) return false;
  if (!methods.includes('*') && !methods.includes(methodOf(request))) return false;
  return headers.includes('*') || headersAsked(request).every((name) => isIn(headers, name));
}

function letIn(rule: CrossOrigin, request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const { origin = '' } = request.headers;
  reply.header('access-control-allow-origin', rule.origins.includes('*') ? '*' : origin);
  reply.header('vary', originHeaders);
  if (!isPreflight(request)) {
    if (rule.exposedHeaders.length > 0) reply.header('access-control-expose-headers', rule.exposedHeaders.join(', '));
    return done();
  }
  const asked = headersAsked(request);
  reply.header('access-control-allow-methods', rule.methods.includes('*') ? methodOf(request) : rule.methods.join(','));
  if (asked.length > 0) reply.header('access-control-allow-headers', asked.join(', '));
  reply.header('access-control-max-age', String(rule.maxAgeSeconds)).code(200).send();
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function methodOf(request: FastifyRequest): string {
  return isPreflight(request) ? String(request.headers['access-control-request-method']) : request.method;
}

function headersAsked(request: FastifyRequest): string[] {
  const asked = isPreflight(request) ? (request.headers['access-control-request-headers'] ?? '') : '';
  return asked
    .split(',')
    .map((name) => name.trim())
    .filter((name) => /^[\w!#$%&'*+.^`|~-]+$/.test(name));
}

function isIn(names: readonly string[], name: string): boolean {
  return names.some((each) => each.toLowerCase() === name.toLowerCase());
}

function refusal({ method, headers: { origin } }: FastifyRequest): string {
  const from = origin === undefined ? 'another site' : `the origin ${origin.slice(0, 200)}`;
  return `A page of ${from} may not ${method} here: CORS_ALLOWED_ORIGINS and CORS_ALLOWED_METHODS say which may.`;
}
