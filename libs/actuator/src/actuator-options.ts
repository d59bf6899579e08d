import type { InjectionToken } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import type { ManagementEnvironment } from './access/management-environment';
import type { DiskSpaceOptions } from './health/built-in-indicators';
import type { HealthSource } from './health/health-source';
import type { ServerLimits } from './http/bounded-server';
import type { Lifecycle } from './lifecycle';
import type { LogLevels } from './loggers/log-levels';
import type { ScheduledTaskSource } from './scheduled-tasks';

/** From what the application was built. */
export interface BuildInfo {
  version: string;
  group?: string;
  /** ISO 8601. */
  time?: string;
  branch?: string;
  commit?: { id: string; time?: string };
}

export interface ActuatorOptions {
  /** Name of the application: `orders`. */
  name: string;
  build: BuildInfo;
  lifecycle: Lifecycle;
  environment: ManagementEnvironment;
  /** Where the settings are that have names of their own in them, groups of health and labels of metrics; `process.env` by default. */
  variables?: Readonly<Record<string, string | undefined>>;
  /** Token of a provider that any module exports globally; without it health is the lifecycle, `diskSpace` and `ping`. */
  health?: InjectionToken<HealthSource>;
  diskSpace?: DiskSpaceOptions;
  /** The levels the application's logger goes by; without them there is no `loggers`. */
  logLevels?: LogLevels;
  /** Token of a provider that any module exports globally; without it there is no `scheduledtasks`. */
  scheduledTasks?: InjectionToken<ScheduledTaskSource>;
  /** Where the application listens: with `MANAGEMENT_SERVER_PORT` the same, there is no other server. */
  port?: number;
  /** Address that a management port of its own listens at where `MANAGEMENT_SERVER_ADDRESS` names none; 0.0.0.0 by default. */
  host?: string;
  /** What a management port of its own grants its clients; as much as `defaultServerLimits` unless given. */
  serverLimits?: ServerLimits;
  /** Answers requests that a management port of its own cannot read, and closes their connections; Node does unless given. */
  answerUnread?: (error: Error, socket: Socket) => void;
  /** Guarded endpoints are at the management port only, open ones at both: for who is called from everywhere. */
  guardedApart?: boolean;
  /** What `shutdown` does; SIGTERM to this process by default. */
  shutDown?: () => void;
  /** Says whether a browser sent the request for a page of another origin. */
  isCrossSite: (request: FastifyRequest) => boolean;
  /** Says which client a request is from, for bounds that hold per client. */
  clientOf: (request: FastifyRequest) => string;
  /** Scheme, host and prefix the client used, for the links of the index. */
  baseOf: (request: FastifyRequest) => string;
}

export const ACTUATOR_OPTIONS = Symbol('ACTUATOR_OPTIONS');
