import type { InjectionToken } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { HealthSource } from './health-source';
import type { Lifecycle } from './lifecycle';
import type { ManagementEnvironment } from './management-environment';

export interface ActuatorOptions {
  /** Name of the service: `orders`. */
  name: string;
  version: string;
  lifecycle: Lifecycle;
  environment: ManagementEnvironment;
  /** Token of a provider that any module exports globally; without it health is the lifecycle alone. */
  health?: InjectionToken<HealthSource>;
  /** Scheme, host and prefix the client used, for the links of the index. */
  baseOf: (request: FastifyRequest) => string;
}

export const ACTUATOR_OPTIONS = Symbol('ACTUATOR_OPTIONS');
