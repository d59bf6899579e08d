import { BadRequestException, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AuditEvents } from '../access/audit-events';
import { ManagementEndpoint } from '../access/management-endpoint';
import { answer } from '../answers/answer';

/** `/actuator/auditevents?principal=&type=&after=`: who looked at and changed what through management endpoints. */
@ManagementEndpoint('auditevents')
export class AuditEventsController {
  constructor(private readonly events: AuditEvents) {}

  @Get()
  find(
    @Query('principal') principal: string | undefined,
    @Query('type') type: string | undefined,
    @Query('after') after: string | undefined,
    @Res() reply: FastifyReply,
  ): void {
    if (after !== undefined && Number.isNaN(Date.parse(after))) {
      throw new BadRequestException('after is expected to be a time, such as 2026-01-31T12:00:00Z');
    }
    answer(reply, { events: this.events.find({ principal, type, after }) });
  }
}
