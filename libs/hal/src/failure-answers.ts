import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import { jsonType, problemType } from './accepted-type';
import type { Failure } from './failure';

/** Answers as RFC 9457 says: `application/problem+json` with `errors` for 400 and whatever more the failure tells. */
export function answerProblem(failure: Failure, request: FastifyRequest, reply: FastifyReply): void {
  const { status, message, errors, details } = failure;
  const document = {
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    detail: message,
    instance: pathOf(request),
    ...(errors && { errors }),
  };
  start(failure, request, reply);
  send(reply, problemType, { ...details, ...document });
}

/** Answers in the three shapes of the original services: Spring Boot's, Spring Data REST's, or no body at all. */
export function answerAsRecorded(failure: Failure, request: FastifyRequest, reply: FastifyReply): void {
  start(failure, request, reply);
  const document = recordedDocument(failure, request);
  if (document === undefined) reply.removeHeader('content-type').send();
  else send(reply, jsonType, document);
}

/** As bytes: to a text Fastify would add a charset, which the recorded answers do not have. */
function send(reply: FastifyReply, type: string, document: object): void {
  reply.header('content-type', type).send(Buffer.from(JSON.stringify(document)));
}

function recordedDocument(failure: Failure, request: FastifyRequest): object | undefined {
  const { status, message, errors, isAboutRouting } = failure;
  if (isAboutRouting) return takesJson(request) || status !== 406 ? bootDocument(status, request) : undefined;
  if (status === 404 || status === 412) return undefined;
  const [, reason] = /^JSON parse error: (.*)/.exec(message) ?? [];
  const cause = reason === undefined ? null : { cause: null, message: reason };
  return { cause, message, ...(errors && { errors }) };
}

function bootDocument(status: number, request: FastifyRequest): object {
  const timestamp = new Date().toISOString().replace('Z', '+00:00');
  return { timestamp, status, error: STATUS_CODES[status], message: '', path: pathOf(request) };
}

function start({ status, retryAfterSeconds }: Failure, request: FastifyRequest, reply: FastifyReply): void {
  reply.code(status);
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  if (status === 405) reply.header('allow', allowedInstead(request).join(','));
  const asked = request.headers['if-match'];
  if (status === 412 && asked !== undefined) reply.header('etag', asked);
}

/** For a path that exists under other methods. */
export function allowedInstead(request: FastifyRequest): string[] {
  return request.server.knownRoutes?.insteadOf(request.method, pathOf(request)) ?? [];
}

function takesJson(request: FastifyRequest): boolean {
  return /json|\*\/\*/i.test(request.headers.accept ?? '');
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '/';
}
