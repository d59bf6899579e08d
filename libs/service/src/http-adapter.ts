import type { IncomingMessage } from 'node:http';
import { type Lifecycle, type LogLevels, measureRequests } from '@storefront/actuator';
import {
  answerFailure,
  answerProblemDetails,
  type Bodies,
  failedWith,
  type HalOptions,
  restConventions,
} from '@storefront/hal';
import { Logger } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { withoutContextPath } from './context-path';
import { refuseWhenDraining } from './drain-requests';
import { redirectToSwaggerUi } from './open-api';
import { traceRequests } from './tracing/request-spans';

const bodyLimitBytes = 256 * 1024;
const name = 'Requests';
const logger = new Logger(name);

export interface HttpOptions {
  /** What handlers get as the body; JSON unless said otherwise. */
  bodies?: Bodies;
  /** How errors look: the recorded shapes unless said otherwise. */
  errors?: HalOptions['errors'];
  /** PUT, PATCH and DELETE have to name a version, else 428; off unless said otherwise. */
  requireIfMatch?: boolean;
  /** Errors of the store that are answered with 503 and `Retry-After`; none unless said otherwise. */
  isUnavailable?: (error: unknown) => boolean;
  /** Addresses whose `X-Forwarded-For`, `-Proto` and `-Host` Fastify believes; nobody by default. */
  trustProxy?: string | false;
  /** Where paths begin for clients, such as `/accounts`; they are answered without it too. */
  contextPath?: string | undefined;
}

export interface ServerParts {
  readonly lifecycle: Lifecycle;
  readonly levels: LogLevels;
}

/** The HTTP server of a service: bodies up to 256 KiB, forgiving about slashes, measured, traced, and refusing new work while it drains. */
export function httpAdapter(
  { lifecycle, levels }: ServerParts,
  { bodies, errors, requireIfMatch, isUnavailable, trustProxy = false, contextPath = '' }: HttpOptions = {},
): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    trustProxy,
    return503OnClosing: false,
    frameworkErrors: errors === 'problem-details' ? answerProblemDetails : answerFailure,
    rewriteUrl: (request: IncomingMessage) => rewritten(request, contextPath),
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 512 },
  });
  const instance: FastifyInstance = adapter.getInstance();
  traceRequests(instance);
  measureRequests(instance, { exceptionOf: failedWith });
  logRequests(instance, levels);
  refuseWhenDraining(instance, lifecycle);
  restConventions(instance, { bodies, requireIfMatch, isUnavailable });
  redirectToSwaggerUi(instance);
  return adapter;
}

function rewritten(request: IncomingMessage & { originalUrl?: string }, contextPath: string): string {
  const url = withoutContextPath(request, contextPath);
  request.originalUrl = url;
  return url.replace(/^\/swagger-ui\/swagger-ui\//, '/swagger-ui/');
}

function logRequests(instance: FastifyInstance, levels: LogLevels): void {
  instance.addHook('onResponse', ({ method, url }, { statusCode, elapsedTime }, done) => {
    // Nest knows one level for all loggers, the most verbose one
    if (levels.isEnabled(name, 'DEBUG')) logger.debug(`${method} ${url} ${statusCode} ${elapsedTime.toFixed(1)} ms`);
    done();
  });
}
