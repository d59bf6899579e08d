import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { collectDefaultMetrics, register } from 'prom-client';
import { ACTUATOR_OPTIONS, type ActuatorOptions } from './actuator-options';
import { ActuatorController } from './actuator.controller';
import { Health } from './health';
import type { HealthSource } from './health-source';
import { Lifecycle } from './lifecycle';
import { MANAGEMENT_ENVIRONMENT } from './management-environment';

/**
 * Spring Boot's management endpoints: `/actuator` with health (and its liveness and readiness groups), info and prometheus.
 * Not on @nestjs/terminus: its answers have another shape (`ok`/`error`, `info`, `details`) and its status knows neither
 * OUT_OF_SERVICE nor groups, so that all of it would be translated; what is left is running checks with a time-out.
 */
@Module({})
export class ActuatorModule {
  static forRoot(options: ActuatorOptions): DynamicModule {
    if (register.getSingleMetric('process_start_time_seconds') === undefined) collectDefaultMetrics();
    return {
      module: ActuatorModule,
      global: true,
      imports: [DiscoveryModule],
      controllers: [ActuatorController],
      providers: [
        { provide: ACTUATOR_OPTIONS, useValue: options },
        { provide: MANAGEMENT_ENVIRONMENT, useValue: options.environment },
        { provide: Lifecycle, useValue: options.lifecycle },
        healthProvider(options),
      ],
      exports: [MANAGEMENT_ENVIRONMENT, Lifecycle, Health],
    };
  }
}

function healthProvider({ health, lifecycle }: ActuatorOptions): Provider {
  return {
    provide: Health,
    inject: health === undefined ? [] : [health],
    useFactory: (source: HealthSource = {}) => new Health(source, lifecycle),
  };
}
