import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  HttpException,
  HttpStatus,
  Inject,
  Injectable,
  NotFoundException,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ACTUATOR_OPTIONS, type ActuatorOptions } from '../actuator-options';
import { Credentials } from './credentials';
import { Exposure } from './exposure';
import { MANAGEMENT_ENDPOINT } from './management-metadata';

/**
 * Lets through to what is exposed who knows the management user and password. What nobody can reach does not exist (404). A page of
 * another origin is refused (403), reading too; so is (429) a client that has sent too many wrong passwords.
 */
@Injectable()
export class ManagementGuard implements CanActivate {
  constructor(
    @Inject(ACTUATOR_OPTIONS) private readonly options: Pick<ActuatorOptions, 'isCrossSite'>,
    @Inject(Exposure) private readonly exposure: Exposure,
    @Inject(Credentials) private readonly credentials: Credentials,
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
    if (this.options.isCrossSite(request)) throw new ForbiddenException('Pages of other origins are not let in here.');
    const reply = http.getResponse<FastifyReply>();
    this.refuseGuesses(request, reply);
    if (!this.credentials.areIn(request, id)) {
      // a browser asks like this before it asks its user: no guess, but worth an event
      if (request.headers.authorization === undefined) this.credentials.note(request, 'AUTHENTICATION_FAILURE', id);
      reply.header('www-authenticate', 'Basic realm="management", charset="UTF-8"');
      throw new UnauthorizedException();
    }
    this.credentials.note(request, 'AUTHENTICATION_SUCCESS', id);
    return true;
  }

  private refuseGuesses(request: FastifyRequest, reply: FastifyReply): void {
    const seconds = this.credentials.waitSeconds(request);
    if (seconds === 0) return;
    reply.header('retry-after', String(seconds));
    throw new HttpException(
      'Too many wrong passwords came from this address: try again later.',
      HttpStatus.TOO_MANY_REQUESTS,
    );
  }
}
