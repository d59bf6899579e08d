import { Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ManagementEndpoint } from '../access/management-endpoint';
import { answer } from '../answers/answer';
import { acceptable, actuatorV2, actuatorV3 } from '../answers/media-types';
import { threadsAsText, threadDump } from '../threads/thread-dump';

const textType = 'text/plain;charset=UTF-8';

/** `/actuator/threaddump`: the process's threads, as JSON or, where `Accept` names it, as text. */
@ManagementEndpoint('threaddump')
export class ThreadDumpController {
  @Get()
  dump(@Res() reply: FastifyReply): void {
    const threads = threadDump();
    const types = [actuatorV3, actuatorV2, 'application/json', textType];
    if (acceptable(reply.request.headers.accept, types) !== textType) return answer(reply, { threads });
    reply.header('content-type', textType).send(Buffer.from(threadsAsText(threads)));
  }
}
