import { BadRequestException, Body, Get, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ManagementEndpoint } from '../access/management-endpoint';
import { answer } from '../answers/answer';
import { type Level, levelNamed, LogLevels, TooManyLoggers } from '../loggers/log-levels';

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
  configure(@Param('name') name: string, @Body() body: unknown, @Res() reply: FastifyReply): void {
    const level = levelIn(body);
    try {
      this.levels.configure(name, level);
    } catch (error) {
      throw error instanceof TooManyLoggers ? new BadRequestException(error.message) : error;
    }
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
