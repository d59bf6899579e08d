import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import type { FieldError } from './invalid-request';

/** How an error that was thrown on purpose says what it means over HTTP. Structural: the thrower imports nothing. */
export type FailureKind =
  'invalid' | 'not-found' | 'conflict' | 'precondition-failed' | 'too-large' | 'unprocessable' | 'unavailable';

/** An error as the client may see it. */
export interface Failure {
  status: number;
  message: string;
  errors?: readonly FieldError[];
  /** More members of the problem document. */
  details?: Readonly<Record<string, unknown>>;
  retryAfterSeconds?: number;
  /** Said by the web framework, about a path, a method or a header; not by the app about a resource. */
  isAboutRouting: boolean;
  /** Without a body, where Spring Data REST has nothing to say. */
  isBare?: boolean;
  /** For 412: the version that the resource has, where it has one. */
  currentVersion?: number;
  /** For 405: the methods the path has. */
  allowed?: readonly string[];
  /** Problem details even where the original services' shapes are kept: they had nothing like it. */
  asProblem?: boolean;
  /** Nobody meant to throw it: it belongs in the log, not in the answer. */
  isUnexpected: boolean;
}

interface MeantFailure extends Error {
  kind: FailureKind;
  errors?: readonly FieldError[];
  details?: Readonly<Record<string, unknown>>;
  retryAfterSeconds?: number;
  asProblem?: boolean;
  currentVersion?: number | undefined;
}

const statusByKind: Readonly<Record<FailureKind, number>> = {
  invalid: 400,
  'not-found': 404,
  conflict: 409,
  'precondition-failed': 412,
  'too-large': 413,
  unprocessable: 422,
  unavailable: 503,
};

/** Instead of what Fastify says: it begins with the path, which is long, so that the reason behind it would be cut off. */
const reasons: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL: 'The path is not a valid URL.',
  FST_ERR_MAX_PARAM_LENGTH: 'A segment of the path is too long.',
};

const routingStatuses: readonly number[] = [401, 404, 405, 406];
const unavailableRetrySeconds = 1;

/** Tells errors of the store that say "not now": they are 503. */
export type IsUnavailable = (error: unknown) => boolean;

export function failureOf(error: unknown, isUnavailable?: IsUnavailable): Failure {
  if (isMeant(error)) return meantFailure(error);
  if (error instanceof HttpException) return frameworkFailure(error.getStatus(), messageOf(error));
  if (isFastifyRefusal(error)) return frameworkFailure(error.statusCode, reasons[error.code ?? ''] ?? error.message);
  if (isUnavailable?.(error)) return unavailable('The store is not available.');
  return {
    status: 500,
    message: 'The server could not answer because of a fault of its own.',
    isAboutRouting: false,
    isUnexpected: true,
  };
}

function isMeant(error: unknown): error is MeantFailure {
  return error instanceof Error && 'kind' in error && typeof error.kind === 'string' && error.kind in statusByKind;
}

function meantFailure(error: MeantFailure): Failure {
  const { kind, message, errors, details, currentVersion } = error;
  const retryAfterSeconds = error.retryAfterSeconds ?? (kind === 'unavailable' ? unavailableRetrySeconds : undefined);
  return {
    status: statusByKind[kind],
    message,
    ...(errors && { errors }),
    ...(details && { details }),
    ...(currentVersion !== undefined && { currentVersion }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...((kind === 'unprocessable' || error.asProblem) && { asProblem: true }),
    isAboutRouting: false,
    isUnexpected: false,
  };
}

function unavailable(message: string): Failure {
  return {
    status: 503,
    message,
    retryAfterSeconds: unavailableRetrySeconds,
    isAboutRouting: false,
    isUnexpected: false,
  };
}

/** Fastify refuses some requests before Nest sees them, and those whose client leaves before it has sent everything. */
function isFastifyRefusal(error: unknown): error is Error & { statusCode: number; code?: string } {
  if (!(error instanceof Error) || (error.name !== 'FastifyError' && !isReset(error))) return false;
  return 'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500;
}

function isReset(error: Error): boolean {
  return 'code' in error && error.code === 'ECONNRESET';
}

function frameworkFailure(status: number, message: string): Failure {
  if (status === 503) return unavailable(message);
  return {
    status,
    message,
    ...(status === 400 && { errors: [{ field: '', message }] }),
    isAboutRouting: routingStatuses.includes(status),
    isUnexpected: false,
  };
}

function messageOf(exception: HttpException): string {
  const response = exception.getResponse();
  const message: unknown = typeof response === 'object' && 'message' in response ? response.message : response;
  if (Array.isArray(message)) return message.join('; ');
  return typeof message === 'string' ? message : (STATUS_CODES[exception.getStatus()] ?? 'Error');
}
