import { Inject, Logger, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ManagementEndpoint } from '../access/management-endpoint';
import { ACTUATOR_OPTIONS, type ActuatorOptions } from '../actuator-options';
import { answer } from '../answers/answer';

/** For the answer to get out. */
const restMs = 500;

/** `POST /actuator/shutdown`: ends the application as its platform would, with SIGTERM. */
@ManagementEndpoint('shutdown')
export class ShutdownController {
  private readonly logger = new Logger('Actuator');

  constructor(@Inject(ACTUATOR_OPTIONS) private readonly options: ActuatorOptions) {}

  @Post()
  shutDown(@Res() reply: FastifyReply): void {
    this.logger.warn('Told to shut down over HTTP');
    const { shutDown = () => void process.kill(process.pid, 'SIGTERM') } = this.options;
    setTimeout(shutDown, restMs).unref();
    answer(reply, { message: 'Shutting down, bye...' });
  }
}
