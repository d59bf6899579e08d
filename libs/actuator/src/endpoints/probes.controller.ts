import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HealthAnswers } from '../health/health-answers';

/** `/livez` and `/readyz`: the two groups at the application's own port, wherever the management endpoints are. */
@ApiExcludeController()
@Controller()
export class ProbesController {
  constructor(private readonly answers: HealthAnswers) {}

  @Get('livez')
  liveness(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answers.part('liveness', request, reply);
  }

  @Get('readyz')
  readiness(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answers.part('readiness', request, reply);
  }
}
