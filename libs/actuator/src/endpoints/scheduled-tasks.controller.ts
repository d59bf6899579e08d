import { Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ManagementEndpoint } from '../access/management-endpoint';
import { answer } from '../answers/answer';
import { SCHEDULED_TASKS, type ScheduledTaskSource } from '../scheduled-tasks';

/** `/actuator/scheduledtasks`: what the application does again and again, and when. */
@ManagementEndpoint('scheduledtasks')
export class ScheduledTasksController {
  constructor(@Inject(SCHEDULED_TASKS) private readonly source: ScheduledTaskSource) {}

  @Get()
  all(@Res() reply: FastifyReply): void {
    const tasks = this.source.scheduledTasks();
    answer(reply, {
      cron: [],
      fixedDelay: tasks.flatMap(({ target, fixedDelayMs }) =>
        fixedDelayMs === undefined ? [] : [{ runnable: { target }, initialDelay: 0, interval: fixedDelayMs }],
      ),
      fixedRate: [],
      custom: tasks.flatMap(({ target, trigger }) =>
        trigger === undefined ? [] : [{ runnable: { target }, trigger }],
      ),
    });
  }
}
