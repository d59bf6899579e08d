import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import { acceptedErrorType, htmlType, jsonType, problemType } from './accepted-type';
import { calledAs } from './called-as';
import { cutText } from './cut-text';
import type { Failure } from './failure';
import { problemPath } from './problems';

const silent: readonly number[] = [401, 404, 405, 406];

/**
 * Answers as RFC 9457 says: `application/problem+json` with `errors` for 400 and whatever more the failure tells. `type` and `instance` are
 * paths with the prefix under which the client knows this server.
 */
export function answerProblem(failure: Failure, request: FastifyRequest, reply: FastifyReply): void {
  const { status, message, errors, details } = failure;
  const { prefix } = calledAs(request);
  const page = problemPath(status);
  const document = {
    type: page === undefined ? 'about:blank' : prefix + page,
    title: STATUS_CODES[status],
    status,
    detail: message,
    instance: prefix + cutText(pathOf(request)),
    ...(errors && { errors }),
  };
  start(failure, reply);
  send(reply, problemType, { ...details, ...document });
}

/**
 * Answers in the three shapes of the original services: Spring Boot's about paths, methods and types (HTML for a browser),
 * Spring Data REST's about what was sent, or no body at all.
 */
export function answerAsRecorded(failure: Failure, request: FastifyRequest, reply: FastifyReply): void {
  start(failure, reply);
  const type = acceptedErrorType(request.headers.accept);
  if (isWithoutBody(failure, type)) reply.removeHeader('content-type').send();
  else if (failure.isAboutRouting && type === htmlType) sendPage(failure, reply);
  else {
    const document = failure.isAboutRouting ? bootDocument(failure, request) : dataRestDocument(failure);
    send(reply, type === undefined || type === htmlType ? jsonType : type, document);
  }
}

/** As bytes: to a text Fastify would add a charset, which the recorded answers do not have. */
function send(reply: FastifyReply, type: string, document: object): void {
  reply.header('content-type', type).send(Buffer.from(JSON.stringify(document)));
}

function sendPage({ status }: Failure, reply: FastifyReply): void {
  const title = `${status} ${STATUS_CODES[status]}`;
  const page = `<!doctype html><html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  reply.header('content-type', `${htmlType};charset=UTF-8`).header('content-language', 'en').send(Buffer.from(page));
}

function isWithoutBody({ status, isAboutRouting, isBare }: Failure, type: string | undefined): boolean {
  if (isBare) return true;
  return isAboutRouting ? status === 406 && type === undefined : status === 404 || status === 412;
}

/** Spring Data REST nests the exception it had underneath. */
function dataRestDocument({ status, message, errors }: Failure): object {
  const [, reason] = /^JSON parse error: (.*)/.exec(message) ?? [];
  const underneath = reason ?? (status === 400 && errors ? message : undefined);
  const cause = underneath === undefined ? null : { cause: null, message: underneath };
  return { cause, message, ...(errors && { errors }) };
}

/** About paths, methods and types the status says it all. */
function bootDocument({ status, message }: Failure, request: FastifyRequest): object {
  const timestamp = new Date().toISOString().replace('Z', '+00:00');
  return {
    timestamp,
    status,
    error: STATUS_CODES[status],
    message: silent.includes(status) ? '' : message,
    path: cutText(pathOf(request)),
  };
}

function start({ status, allowed, retryAfterSeconds, currentVersion }: Failure, reply: FastifyReply): void {
  reply.code(status);
  if (currentVersion !== undefined) reply.header('etag', `"${currentVersion}"`);
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  if (allowed) reply.header('allow', allowed.join(','));
}

export function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '/';
}
