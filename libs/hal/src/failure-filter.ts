import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { throwError, type Observable } from 'rxjs';
import { acceptsProblemDetails } from './accepted-type';
import { boundedFailure } from './bounded-failure';
import { type Failure, failureOf } from './failure';
import { answerAsRecorded, answerProblem, pathOf } from './failure-answers';
import { varyHeaders } from './hal-responses';

const logger = new Logger('Failures');
const failures = new WeakMap<FastifyRequest, unknown>();

/** The error that a request was answered with; undefined where there was none. */
export function failedWith(request: FastifyRequest): unknown {
  return failures.get(request);
}

/**
 * The app-wide filter (HalModule provides it): every error becomes the answer the original services gave, or problem details
 * where `Accept` names them. Errors nobody meant are 500, logged with their stack, and told to nobody. Outside HTTP the
 * original error is handed on unchanged.
 */
@Catch()
export class FailureFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): Observable<never> | void {
    if (host.getType() !== 'http') return throwError(() => error);
    const http = host.switchToHttp();
    answerFailure(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}

/** What the filters do, for errors that happen outside Nest. */
export function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const failure = reported(error, request);
  if (reply.sent) return;
  if (request.server.knownRoutes?.varies(pathOf(request)) === false) reply.removeHeader('vary');
  else reply.header('vary', varyHeaders);
  const isOurs = failure.asProblem === true || request.routeOptions?.config?.ours === true;
  if (isOurs || acceptsProblemDetails(request.headers.accept)) answerProblem(failure, request, reply);
  else answerAsRecorded(failure, request, reply);
}

/** For commands that are ours, `@UseFilters(ProblemDetailsFilter)`: always problem details (RFC 9457). */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): Observable<never> | void {
    if (host.getType() !== 'http') return throwError(() => error);
    const http = host.switchToHttp();
    answerProblemDetails(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}

export function answerProblemDetails(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const failure = reported(error, request);
  if (!reply.sent) answerProblem(failure, request, reply);
}

function reported(error: unknown, request: FastifyRequest): Failure {
  failures.set(request, error);
  const failure = boundedFailure(failureOf(error, request.server.isUnavailable));
  if (failure.isUnexpected) logger.error(error);
  if (failure.isAboutRouting) return routed(failure, error, request);
  return isPlain(request) ? { ...failure, isAboutRouting: true } : failure;
}

/** What is no resource answers as Spring Boot does, whatever went wrong: Data REST has nothing to do with it. */
function isPlain({ is404, routeOptions }: FastifyRequest): boolean {
  return !is404 && routeOptions?.url !== undefined && routeOptions.config?.hal !== true;
}

/**
 * Nest says 404 also where the path exists and only the method does not. Of its resources, and of what would be below one of
 * their items, Spring Data REST says so without a body.
 */
function routed(failure: Failure, error: unknown, request: FastifyRequest): Failure {
  const isUnmapped = failure.status === 404 && error instanceof HttpException && request.is404;
  if (!isUnmapped && failure.status !== 405) return failure;
  const { allowed, isHal, isOurs } = request.server.knownRoutes?.unrouted(pathOf(request)) ?? nowhere;
  const told = { ...failure, isBare: isHal, ...(isOurs && { asProblem: true }) };
  if (allowed.length === 0) return told;
  return { ...told, status: 405, message: 'Method Not Allowed', allowed };
}

const nowhere = { allowed: [], isHal: false, isOurs: false };
