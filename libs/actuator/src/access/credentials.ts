import { Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { AuditEvents } from './audit-events';
import { FailedLogins } from './failed-logins';
import type { ManagementEnvironment } from './management-environment';

const logPauseMs = 1_000;

export interface CredentialParts {
  readonly environment: Pick<ManagementEnvironment, 'MANAGEMENT_USERNAME' | 'MANAGEMENT_PASSWORD'>;
  readonly audit: AuditEvents;
  /** Says which client a request is from, in a few characters. */
  readonly clientOf: (request: FastifyRequest) => string;
}

/**
 * Knows the management user and password (HTTP Basic), and whoever guesses at them: wherever a password is looked at, the bound
 * of `FailedLogins` holds, a failure becomes an audit event, and at most one line a second is logged.
 */
export class Credentials {
  private readonly logger = new Logger('Actuator');
  private readonly failed = new FailedLogins();
  private nextLineAt = 0;
  private notLogged = 0;

  constructor(private readonly parts: CredentialParts) {}

  /** Returns how many seconds the client has to wait after too many wrong passwords, 0 where it may try; who has to is logged. */
  waitSeconds(request: FastifyRequest): number {
    const seconds = this.failed.waitSeconds(this.parts.clientOf(request));
    if (seconds > 0) this.log(request);
    return seconds;
  }

  /**
   * Says whether a request carries the management user and password. A wrong one counts; a client that has to wait is not known
   * even with the right one, so that it does not learn which it is. `endpoint` is for the audit event.
   */
  areIn(request: FastifyRequest, endpoint: string): boolean {
    const { authorization } = request.headers;
    const expected = this.expected();
    if (expected === undefined || authorization === undefined) return false;
    if (this.waitSeconds(request) > 0) return false;
    // the same time whatever differs
    if (timingSafeEqual(digest(credentialsIn(authorization) ?? ''), expected)) return true;
    this.failed.add(this.parts.clientOf(request));
    this.note(request, 'AUTHENTICATION_FAILURE', endpoint);
    this.log(request);
    return false;
  }

  /** Keeps an audit event of a log-in. */
  note(request: FastifyRequest, type: 'AUTHENTICATION_SUCCESS' | 'AUTHENTICATION_FAILURE', endpoint: string): void {
    const data = { endpoint, method: request.method, remoteAddress: this.parts.clientOf(request) };
    this.parts.audit.add({ principal: namedUser(request), type, data });
  }

  /** Read at each request: the password may have been rotated. */
  private expected(): Buffer | undefined {
    const { MANAGEMENT_USERNAME: username, MANAGEMENT_PASSWORD: password } = this.parts.environment;
    return username && password ? digest(`${username}:${password}`) : undefined;
  }

  private log(request: FastifyRequest): void {
    const now = performance.now();
    if (now < this.nextLineAt) {
      this.notLogged++;
      return;
    }
    const more = this.notLogged === 0 ? '' : `, and ${this.notLogged} more since the last line`;
    this.logger.warn(`Wrong management password from ${this.parts.clientOf(request)}${more}`);
    this.nextLineAt = now + logPauseMs;
    this.notLogged = 0;
  }
}

/** Returns the user that a request says it comes from, right password or not; `-` where it says none. */
export function namedUser(request: FastifyRequest): string {
  return (
    credentialsIn(request.headers.authorization ?? '')
      ?.split(':')[0]
      ?.slice(0, 100) || '-'
  );
}

/** User and password of HTTP Basic; the scheme may be written in any case (RFC 7235). */
function credentialsIn(authorization: string): string | undefined {
  const [, credentials] = /^Basic +([^\s]+) *$/i.exec(authorization) ?? [];
  return credentials === undefined ? undefined : Buffer.from(credentials, 'base64').toString();
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
