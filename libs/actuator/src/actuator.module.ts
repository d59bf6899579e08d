import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { AuditEvents } from './access/audit-events';
import { Exposure } from './access/exposure';
import { MANAGEMENT_ENVIRONMENT } from './access/management-environment';
import { ACTUATOR_OPTIONS, type ActuatorOptions } from './actuator-options';
import { HealthController } from './endpoints/health.controller';
import { IndexController } from './endpoints/index.controller';
import { InfoController } from './endpoints/info.controller';
import { MetricsController } from './endpoints/metrics.controller';
import { PrometheusController } from './endpoints/prometheus.controller';
import { builtInIndicators } from './health/built-in-indicators';
import { Health } from './health/health';
import type { HealthSource } from './health/health-source';
import { Lifecycle } from './lifecycle';
import { measureRuntime } from './metrics/default-metrics';
import { measureHealth } from './metrics/health-metrics';

const endpoints: Readonly<Record<string, Type>> = {
  health: HealthController,
  info: InfoController,
  prometheus: PrometheusController,
  metrics: MetricsController,
};

/**
 * Spring Boot's management endpoints for a Nest application on Fastify, below `/actuator`: only those that somebody can
 * reach exist. Health is made of indicators of `@nestjs/terminus` and of the application's own checks, in Spring's shape.
 */
@Module({})
export class ActuatorModule {
  static forRoot(options: ActuatorOptions): DynamicModule {
    measureRuntime();
    const exposure = new Exposure(options.environment);
    const reachable = Object.entries(endpoints).filter(([id]) => exposure.has(id));
    return {
      module: ActuatorModule,
      global: true,
      imports: [DiscoveryModule, TerminusModule],
      controllers: [IndexController, ...reachable.map(([, controller]) => controller)],
      providers: [
        { provide: ACTUATOR_OPTIONS, useValue: options },
        { provide: MANAGEMENT_ENVIRONMENT, useValue: options.environment },
        { provide: Lifecycle, useValue: options.lifecycle },
        { provide: Exposure, useValue: exposure },
        { provide: AuditEvents, useValue: new AuditEvents() },
        healthProvider(options),
      ],
      exports: [MANAGEMENT_ENVIRONMENT, Lifecycle, Health, Exposure, AuditEvents],
    };
  }
}

function healthProvider({ health, lifecycle, diskSpace }: ActuatorOptions): Provider {
  return {
    provide: Health,
    inject: [HealthIndicatorService, ...(health === undefined ? [] : [health])],
    useFactory: (indicators: HealthIndicatorService, source: HealthSource = { healthComponents: {} }) => {
      const made = new Health(
        {
          healthComponents: { ...builtInIndicators(indicators, diskSpace), ...source.healthComponents },
          neededForTraffic: source.neededForTraffic ?? [],
          needsRestart: () => source.needsRestart?.() === true,
        },
        lifecycle,
      );
      measureHealth(made);
      return made;
    },
  };
}
