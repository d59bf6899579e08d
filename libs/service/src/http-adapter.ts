import type { IncomingMessage, RequestListener } from 'node:http';
import {
  boundedServer,
  type Lifecycle,
  type LogLevels,
  measureRequests,
  type ServerLimits,
} from '@storefront/actuator';
import {
  type AnswerLimits,
  answerFailure,
  answerProblemDetails,
  answerUnread,
  type Bodies,
  failedWith,
  type HalOptions,
  restConventions,
} from '@storefront/hal';
import { canonicalPath } from '@storefront/wire';
import { Logger } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { boundBodies, type BodyLimits } from './bounded-bodies';
import { withoutContextPath } from './context-path';
import { refuseWhenDraining } from './drain-requests';
import { checkHosts } from './edge/allowed-hosts';
import { judgeOrigins } from './edge/cross-origin';
import type { EdgeEnvironment } from './edge/edge-environment';
import { protect, protectAnswers } from './edge/security-headers';
import { refuseExpectations } from './edge/expectations';
import { refuseUnclearHosts, targetOf } from './edge/request-host';
import { dropForgedForwarding, type IsTrusted, trustedIn } from './edge/trusted-proxies';
import { limitHeaders } from './header-limits';
import { redirectToSwaggerUi } from './open-api';
import { limitLongAnswers } from './long-answers';
import { traceRequests } from './tracing/request-spans';

const maxBodyBytes = 256 * 1024;
/** 64 bodies of full size. Parsed, a body may take twenty times its bytes. */
const maxHeldBytes = 64 * maxBodyBytes;
const name = 'Requests';
const logger = new Logger(name);

export interface HttpOptions {
  /** What handlers get as the body; JSON unless said otherwise. */
  bodies?: Bodies;
  /** How errors look: the recorded shapes unless said otherwise. */
  errors?: HalOptions['errors'];
  /** PUT, PATCH and DELETE have to name a version, else 428; off unless said otherwise. */
  requireIfMatch?: boolean;
  /** Which of several shares of memory the body of a request counts for; there is one share by default. */
  shareOfBody?: BodyLimits['shareOf'];
  /** Paths whose answers are about nobody, with what is below them: they may be kept, if asked about each time. */
  impersonalPaths?: readonly string[];
  /** How much answers may hold; what fits a heap of 256 MiB unless given. */
  answers?: AnswerLimits;
  /** Errors of the store that are answered with 503 and `Retry-After`; none unless said otherwise. */
  isUnavailable?: (error: unknown) => boolean;
}

export interface ServerParts {
  readonly lifecycle: Lifecycle;
  readonly levels: LogLevels;
  readonly environment: EdgeEnvironment & { readonly CONTEXT_PATH?: string | undefined };
  /** As `defaultServerLimits` unless given. */
  readonly limits?: ServerLimits;
}

/**
 * Makes the HTTP server of a service: bounded in time, connections, headers and bodies (256 KiB each, 16 MiB together),
 * forgiving about slashes, measured, traced, closed to other hosts and origins than the environment names, and refusing new
 * work while it drains.
 */
export function httpAdapter(
  { lifecycle, levels, environment, limits }: ServerParts,
  { bodies, errors, requireIfMatch, isUnavailable, answers, shareOfBody, impersonalPaths }: HttpOptions = {},
): FastifyAdapter {
  const isTrusted = trustedIn(environment.TRUSTED_PROXIES);
  const answerError = errors === 'problem-details' ? answerProblemDetails : answerFailure;
  const adapter = new FastifyAdapter({
    bodyLimit: maxBodyBytes,
    serverFactory: (handler: RequestListener) => boundedServer(handler, limits),
    trustProxy: isTrusted,
    return503OnClosing: false,
    clientErrorHandler: answerUnread,
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      protect(request, reply, impersonalPaths);
      answerError(error, request, reply);
    },
    rewriteUrl: (request: IncomingMessage) => rewritten(request, isTrusted, environment.CONTEXT_PATH),
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 512 },
  });
  const instance: FastifyInstance = adapter.getInstance();
  traceRequests(instance);
  measureRequests(instance, { exceptionOf: failedWith });
  logRequests(instance, levels);
  protectAnswers(instance, impersonalPaths);
  limitHeaders(instance);
  refuseWhenDraining(instance, lifecycle);
  refuseUnclearHosts(instance);
  refuseExpectations(instance);
  checkHosts(instance, environment.ALLOWED_HOSTS);
  judgeOrigins(instance, environment);
  boundBodies(instance, { maxHeldBytes, shareOf: shareOfBody });
  restConventions(instance, { bodies, requireIfMatch, isUnavailable, limits: answers });
  limitLongAnswers(instance);
  redirectToSwaggerUi(instance);
  return adapter;
}

function rewritten(
  request: IncomingMessage & { originalUrl?: string },
  isTrusted: IsTrusted,
  contextPath = '',
): string {
  dropForgedForwarding(request, isTrusted);
  request.url = targetOf(request);
  if (request.url === '*') return wholeServer(request);
  const url = canonicalPath(withoutContextPath(request, contextPath));
  request.originalUrl = url;
  return url.replace(/^\/swagger-ui\/swagger-ui\//, '/swagger-ui/');
}

/** `OPTIONS *` gets a path, which it has not, so that there is a route for it; what was asked stays in `originalUrl`. */
function wholeServer(request: IncomingMessage & { originalUrl?: string }): string {
  request.originalUrl = '*';
  return '/*';
}

function logRequests(instance: FastifyInstance, levels: LogLevels): void {
  instance.addHook('onResponse', ({ method, url }, { statusCode, elapsedTime }, done) => {
    // Nest knows one level for all loggers, the most verbose one
    if (levels.isEnabled(name, 'DEBUG')) logger.debug(`${method} ${url} ${statusCode} ${elapsedTime.toFixed(1)} ms`);
    done();
  });
}
