import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  NotFoundException,
  UnauthorizedException,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { MANAGEMENT_ENVIRONMENT, type ManagementEnvironment } from './management-environment';

/** Lets through who knows the management user and password; where none are set, what it guards does not exist (404). */
@Injectable()
export class ManagementGuard implements CanActivate {
  constructor(@Inject(MANAGEMENT_ENVIRONMENT) private readonly environment: ManagementEnvironment) {}

  canActivate(context: ExecutionContext): boolean {
    const { MANAGEMENT_USERNAME: username, MANAGEMENT_PASSWORD: password } = this.environment;
    if (!username || !password) throw new NotFoundException();
    const http = context.switchToHttp();
    const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    if (isSame(http.getRequest<FastifyRequest>().headers.authorization ?? '', expected)) return true;
    http.getResponse<FastifyReply>().header('www-authenticate', 'Basic realm="management", charset="UTF-8"');
    throw new UnauthorizedException();
  }
}

/** In the same time whatever differs. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
