import type { Type } from '@nestjs/common';
import type { Exposure } from '../access/exposure';
import type { ActuatorOptions } from '../actuator-options';
import { AuditEventsController } from './audit-events.controller';
import { EnvController } from './env.controller';
import { HealthController } from './health.controller';
import { HeapDumpController } from './heap-dump.controller';
import { HttpExchangesController } from './http-exchanges.controller';
import { InfoController } from './info.controller';
import { LoggersController } from './loggers.controller';
import { MappingsController } from './mappings.controller';
import { MetricsController } from './metrics.controller';
import { ProbesController } from './probes.controller';
import { PrometheusController } from './prometheus.controller';
import { ScheduledTasksController } from './scheduled-tasks.controller';
import { ShutdownController } from './shutdown.controller';
import { ThreadDumpController } from './thread-dump.controller';

const always: Readonly<Record<string, Type>> = {
  health: HealthController,
  info: InfoController,
  prometheus: PrometheusController,
  metrics: MetricsController,
  env: EnvController,
  mappings: MappingsController,
  httpexchanges: HttpExchangesController,
  threaddump: ThreadDumpController,
  heapdump: HeapDumpController,
  shutdown: ShutdownController,
  auditevents: AuditEventsController,
};

/** The controllers of the endpoints that somebody can reach, and for which the application gives what they need. */
export function reachableEndpoints(exposure: Exposure, { logLevels, scheduledTasks }: ActuatorOptions): Type[] {
  const all = {
    ...always,
    ...(logLevels && { loggers: LoggersController }),
    ...(scheduledTasks !== undefined && { scheduledtasks: ScheduledTasksController }),
  };
  const reachable = Object.entries(all).flatMap(([id, controller]) => (exposure.has(id) ? [controller] : []));
  return exposure.hasProbePaths ? [...reachable, ProbesController] : reachable;
}
