import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { type Observable, tap } from 'rxjs';
import { Readable } from 'node:stream';
import { AuditEvents } from './audit-events';
import { namedUser } from './credentials';
import { MANAGEMENT_ENDPOINT } from './management-metadata';
import { readStreamedBody } from './streamed-body';

const reading = ['GET', 'HEAD', 'OPTIONS'];
const mostCharacters = 500;
/** Metadata of a handler whose POST changes nothing that an operator would look for; libraries set it by this name. */
const READ_ONLY = 'management:read-only';

/**
 * Keeps what operators change at management endpoints as audit events of type `OPERATOR_ACTION`: where, how, and whether it went
 * well. Path, parameters and body are cut at 500 characters each. Handlers get bodies read, also where the server hands them on.
 * A handler with the metadata `management:read-only` is left out: the tools call such ones thousands of times.
 */
@Injectable()
export class OperatorAudit implements NestInterceptor {
  constructor(
    @Inject(AuditEvents) private readonly audit: AuditEvents,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (reading.includes(request.method)) return next.handle();
    if (this.reflector.get<boolean | undefined>(READ_ONLY, context.getHandler())) {
      await readStreamedBody(request);
      return next.handle();
    }
    const add = (result: 'success' | 'failure', more: object = {}) => this.add(context, { result, ...more });
    const fail = (error: unknown) => add('failure', { error: error instanceof Error ? error.name : 'unknown' });
    try {
      await readStreamedBody(request);
    } catch (error) {
      fail(error);
      throw error;
    }
    return next.handle().pipe(tap({ next: () => add('success'), error: fail }));
  }

  private add(context: ExecutionContext, outcome: object): void {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const endpoint = this.reflector.getAllAndOverride<string>(MANAGEMENT_ENDPOINT, [
      context.getHandler(),
      context.getClass(),
    ]);
    const { method, url, params, body } = request;
    this.audit.add({
      principal: namedUser(request),
      type: 'OPERATOR_ACTION',
      data: {
        endpoint,
        action: context.getHandler().name,
        method,
        uri: url.slice(0, mostCharacters),
        parameters: shortened(params),
        body: shortened(body),
        ...outcome,
      },
    });
  }
}

/** What was asked, without lists of hundreds of ids. It must not fail: what was done is done. */
function shortened(value: unknown): unknown {
  if (value instanceof Readable) return 'not read';
  try {
    const text = JSON.stringify(value ?? null);
    return text.length <= mostCharacters ? value : `${text.slice(0, mostCharacters)}…`;
  } catch {
    return 'cannot be shown';
  }
}
