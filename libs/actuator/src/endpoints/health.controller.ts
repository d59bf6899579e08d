import { Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ManagementEndpoint } from '../access/management-endpoint';
import { HealthAnswers } from '../health/health-answers';

/** `/actuator/health`, its groups and its parts. */
@ManagementEndpoint('health')
export class HealthController {
  constructor(private readonly answers: HealthAnswers) {}

  @Get()
  overall(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answers.overall(request, reply);
  }

  @Get('*')
  part(@Param('*') path: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answers.part(path, request, reply);
  }
}
