import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  NotFoundException,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuditEvents } from './audit-events';
import { isManagementUser, namedUser } from './credentials';
import { Exposure } from './exposure';
import { MANAGEMENT_ENVIRONMENT, type ManagementEnvironment } from './management-environment';
import { MANAGEMENT_ENDPOINT } from './management-metadata';

/** Lets through who knows the management user and password, to what is exposed; what nobody can reach does not exist (404). */
@Injectable()
export class ManagementGuard implements CanActivate {
  constructor(
    @Inject(MANAGEMENT_ENVIRONMENT) private readonly environment: ManagementEnvironment,
    @Inject(Exposure) private readonly exposure: Exposure,
    @Inject(AuditEvents) private readonly audit: AuditEvents,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const id = this.reflector.getAllAndOverride<string>(MANAGEMENT_ENDPOINT, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!this.exposure.has(id)) throw new NotFoundException();
    if (this.exposure.isOpen(id)) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const isKnown = isManagementUser(request, this.environment);
    this.audit.add({
      principal: namedUser(request),
      type: isKnown ? 'AUTHENTICATION_SUCCESS' : 'AUTHENTICATION_FAILURE',
      data: { endpoint: id, method: request.method, remoteAddress: request.ip },
    });
    if (isKnown) return true;
    http.getResponse<FastifyReply>().header('www-authenticate', 'Basic realm="management", charset="UTF-8"');
    throw new UnauthorizedException();
  }
}
