import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { DiscoveryModule, HttpAdapterHost } from '@nestjs/core';
import { HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { register } from 'prom-client';
import { AuditEvents } from './access/audit-events';
import { Credentials } from './access/credentials';
import { Exposure } from './access/exposure';
import { MANAGEMENT_ENVIRONMENT } from './access/management-environment';
import { ACTUATOR_OPTIONS, type ActuatorOptions } from './actuator-options';
import { reachableEndpoints } from './endpoints/endpoints';
import { IndexController } from './endpoints/index.controller';
import { builtInIndicators } from './health/built-in-indicators';
import { Health } from './health/health';
import { HEALTH_GROUPS, healthGroups, type HealthGroups } from './health/health-groups';
import { HealthAnswers } from './health/health-answers';
import type { HealthSource } from './health/health-source';
import { HttpExchanges } from './http/http-exchanges';
import { ManagementHttp } from './http/management-http';
import { ManagementServer } from './http/management-server';
import { Lifecycle } from './lifecycle';
import { LogLevels } from './loggers/log-levels';
import { COMMON_LABELS, commonLabels } from './metrics/common-labels';
import { measureRuntime } from './metrics/default-metrics';
import { measureDisk } from './metrics/disk-metrics';
import { measureHealth } from './metrics/health-metrics';
import { measureStartup } from './metrics/startup-metrics';
import { SCHEDULED_TASKS } from './scheduled-tasks';

/**
 * Spring Boot's management endpoints for a Nest application on Fastify, below `/actuator`: only those that somebody can
 * reach exist. Health is made of indicators of `@nestjs/terminus` and of the application's own checks, in Spring's shape.
 */
@Module({})
export class ActuatorModule {
  static forRoot(options: ActuatorOptions): DynamicModule {
    measureRuntime();
    measureStartup(options.lifecycle, register);
    measureDisk(options.diskSpace?.path ?? '.', register);
    const exposure = new Exposure(options.environment);
    const audit = new AuditEvents();
    return {
      module: ActuatorModule,
      global: true,
      imports: [DiscoveryModule, TerminusModule],
      controllers: [IndexController, ...reachableEndpoints(exposure, options)],
      providers: [
        { provide: ACTUATOR_OPTIONS, useValue: options },
        { provide: MANAGEMENT_ENVIRONMENT, useValue: options.environment },
        { provide: Lifecycle, useValue: options.lifecycle },
        { provide: Exposure, useValue: exposure },
        { provide: AuditEvents, useValue: audit },
        { provide: Credentials, useValue: new Credentials({ ...options, audit }) },
        { provide: HEALTH_GROUPS, useValue: healthGroups(options.variables ?? process.env) },
        { provide: COMMON_LABELS, useValue: commonLabels(options.variables ?? process.env) },
        HealthAnswers,
        { provide: HttpExchanges, useValue: new HttpExchanges() },
        { provide: ManagementServer, useValue: new ManagementServer(managementPort(options), options) },
        ...(options.logLevels ? [{ provide: LogLevels, useValue: options.logLevels }] : []),
        ...(options.scheduledTasks === undefined
          ? []
          : [{ provide: SCHEDULED_TASKS, useExisting: options.scheduledTasks }]),
        managementHttpProvider(options, exposure),
        healthProvider(options),
      ],
      exports: [
        ACTUATOR_OPTIONS,
        MANAGEMENT_ENVIRONMENT,
        Lifecycle,
        Health,
        Exposure,
        AuditEvents,
        Credentials,
        ManagementServer,
      ],
    };
  }
}

/** The application's own port is no other one. */
function managementPort({
  environment: { MANAGEMENT_SERVER_PORT: port },
  port: own,
}: ActuatorOptions): number | undefined {
  return port === own && port !== 0 ? undefined : port;
}

function managementHttpProvider(options: ActuatorOptions, exposure: Exposure): Provider {
  const host = options.environment.MANAGEMENT_SERVER_ADDRESS ?? options.host ?? '0.0.0.0';
  return {
    provide: ManagementHttp,
    inject: [HttpAdapterHost, ManagementServer, HttpExchanges],
    useFactory: (http: HttpAdapterHost, server: ManagementServer, exchanges: HttpExchanges) =>
      new ManagementHttp({ http, server, host, exchanges: exposure.has('httpexchanges') ? exchanges : undefined }),
  };
}

function healthProvider({ health, lifecycle, diskSpace }: ActuatorOptions): Provider {
  return {
    provide: Health,
    inject: [HealthIndicatorService, HEALTH_GROUPS, ...(health === undefined ? [] : [health])],
    useFactory: (
      indicators: HealthIndicatorService,
      groups: HealthGroups,
      source: HealthSource = { healthComponents: {} },
    ) => {
      const made = new Health(
        {
          healthComponents: { ...builtInIndicators(indicators, diskSpace), ...source.healthComponents },
          neededForTraffic: source.neededForTraffic ?? [],
          needsRestart: () => source.needsRestart?.() === true,
        },
        lifecycle,
        undefined,
        groups,
      );
      measureHealth(made);
      return made;
    },
  };
}
