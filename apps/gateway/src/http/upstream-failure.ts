import { GatewayTimeoutException } from '@nestjs/common';
import type { ServiceName } from './service-name';

const timeouts = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT'];
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

  constructor(service: ServiceName) {
    super(`The ${service} service does not answer.`);
    this.name = 'ServiceUnavailable';
    this.details = { service };
  }
}

/** What the client is told about an error of the connection to a service. */
export function upstreamFailure(service: ServiceName, error: Error): Error {
  const code = codeOf(error);
  if (timeouts.includes(code) && code !== 'UND_ERR_CONNECT_TIMEOUT') {
    return new GatewayTimeoutException(`The ${service} service did not answer in time.`);
  }
  return isConnectionFailure(error) ? new ServiceUnavailable(service) : error;
}

/** No answer began: the request may be sent again if it is safe. */
export function isConnectionFailure(error: Error | null): boolean {
  return error !== null && brokenConnections.includes(codeOf(error));
}

function codeOf(error: Error): string {
  const { cause = error } = error;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
}
