import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { type Observable, tap } from 'rxjs';
import { AuditEvents } from './audit-events';
import { namedUser } from './credentials';
import { MANAGEMENT_ENDPOINT } from './management-metadata';

const reading = ['GET', 'HEAD', 'OPTIONS'];
const longestBody = 500;

/** Keeps what operators change at management endpoints as audit events of type `OPERATOR_ACTION`: where, how, and whether it went well. */
@Injectable()
export class OperatorAudit implements NestInterceptor {
  constructor(
    @Inject(AuditEvents) private readonly audit: AuditEvents,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (reading.includes(request.method)) return next.handle();
    const endpoint = this.reflector.getAllAndOverride<string>(MANAGEMENT_ENDPOINT, [
      context.getHandler(),
      context.getClass(),
    ]);
    const add = (result: 'success' | 'failure', more: object = {}): void => {
      const data = { endpoint, action: context.getHandler().name, method: request.method, uri: request.url };
      this.audit.add({
        principal: namedUser(request),
        type: 'OPERATOR_ACTION',
        data: { ...data, parameters: request.params, body: shortened(request.body), result, ...more },
      });
    };
    return next.handle().pipe(
      tap({
        next: () => add('success'),
        error: (error: unknown) => add('failure', { error: error instanceof Error ? error.name : String(error) }),
      }),
    );
  }
}

/** What was asked, without lists of hundreds of ids. */
function shortened(body: unknown): unknown {
  const text = JSON.stringify(body ?? null);
  return text.length <= longestBody ? body : `${text.slice(0, longestBody)}…`;
}
