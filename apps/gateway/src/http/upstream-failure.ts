import { BadRequestException } from '@nestjs/common';
import type { ServiceName } from './service-name';

const brokenConnections = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
];

/** The service could not be reached, or broke the connection before it answered. */
export class ServiceUnavailable extends Error {
  readonly kind = 'unavailable' as const;
  readonly retryAfterSeconds = 1;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(service: ServiceName, message = `The ${service} service does not answer.`) {
    super(message);
    this.name = 'ServiceUnavailable';
    this.details = { service };
  }
}

/** As many requests wait for the service as may: this one can come again. */
export class ServiceBusy extends ServiceUnavailable {
  constructor(service: ServiceName) {
    super(service, `Too many requests wait for the ${service} service.`);
    this.name = 'ServiceBusy';
  }
}

/** What the client is told about an error of the connection to a service. */
export function upstreamFailure(service: ServiceName, error: Error): Error {
  if (codeOf(error) === 'UND_ERR_INVALID_ARG')
    return new BadRequestException('The path or a header cannot be sent on.');
  return isConnectionFailure(error) ? new ServiceUnavailable(service) : error;
}

/** No answer began: the request may be sent again if it is safe. */
export function isConnectionFailure(error: unknown): boolean {
  return brokenConnections.includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
