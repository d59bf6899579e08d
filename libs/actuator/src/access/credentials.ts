import type { FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ManagementEnvironment } from './management-environment';

/** Whether a request carries the management user and password (HTTP Basic). */
export function isManagementUser(request: FastifyRequest, environment: ManagementEnvironment): boolean {
  const { MANAGEMENT_USERNAME: username, MANAGEMENT_PASSWORD: password } = environment;
  if (!username || !password) return false;
  const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return isSame(request.headers.authorization ?? '', expected);
}

/** The user a request says it comes from, right password or not; `-` where it says none. */
export function namedUser(request: FastifyRequest): string {
  const [, credentials = ''] = /^Basic (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return Buffer.from(credentials, 'base64').toString().split(':')[0]?.slice(0, 100) || '-';
}

/** In the same time whatever differs. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
