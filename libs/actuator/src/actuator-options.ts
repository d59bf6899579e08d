import type { InjectionToken } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ManagementEnvironment } from './access/management-environment';
import type { DiskSpaceOptions } from './health/built-in-indicators';
import type { HealthSource } from './health/health-source';
import type { Lifecycle } from './lifecycle';

/** From what the application was built. */
export interface BuildInfo {
  group?: string;
  /** ISO 8601. */
  time?: string;
  branch?: string;
  commit?: { id: string; time?: string };
}

export interface ActuatorOptions {
  /** Name of the application: `orders`. */
  name: string;
  version: string;
  build?: BuildInfo;
  lifecycle: Lifecycle;
  environment: ManagementEnvironment;
  /** Token of a provider that any module exports globally; without it health is the lifecycle, `diskSpace` and `ping`. */
  health?: InjectionToken<HealthSource>;
  diskSpace?: DiskSpaceOptions;
  /** Scheme, host and prefix the client used, for the links of the index. */
  baseOf: (request: FastifyRequest) => string;
}

export const ACTUATOR_OPTIONS = Symbol('ACTUATOR_OPTIONS');
