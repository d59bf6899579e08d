import { BadRequestException, Body, Get, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ManagementEndpoint } from '../access/management-endpoint';
import { answer } from '../answers/answer';
import { type Level, levelNamed, LogLevels } from '../loggers/log-levels';
import { jsonBody } from './json-body';

/** `/actuator/loggers`: the levels of loggers and groups of them, and how to change one while the application runs. */
@ManagementEndpoint('loggers')
export class LoggersController {
  constructor(@Inject(LogLevels) private readonly levels: LogLevels) {}

  @Get()
  all(@Res() reply: FastifyReply): void {
    answer(reply, this.levels.all());
  }

  @Get(':name')
  one(@Param('name') name: string, @Res() reply: FastifyReply): void {
    answer(reply, this.levels.one(name));
  }

  /** `{"configuredLevel":"DEBUG"}`; without a level, or with null, the logger has none of its own any more. */
  @Post(':name')
  async configure(@Param('name') name: string, @Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    this.levels.configure(name, levelIn(await jsonBody(body)));
    answer(reply, undefined);
  }
}

function levelIn(body: unknown): Level | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new BadRequestException('{"configuredLevel": …} is expected');
  }
  const { configuredLevel: text = null } = body as { configuredLevel?: unknown };
  if (text === null) return undefined;
  const level = typeof text === 'string' ? levelNamed(text) : undefined;
  if (!level) throw new BadRequestException('configuredLevel is expected to be OFF, ERROR, WARN, INFO, DEBUG or TRACE');
  return level;
}
