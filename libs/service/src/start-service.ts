import {
  ActuatorModule,
  type HealthSource,
  Lifecycle,
  type LogLevels,
  type ScheduledTaskSource,
} from '@storefront/actuator';
import { type ApiDescription, answerUnread, clientOf, HalModule, isCrossSite, requestBase } from '@storefront/hal';
import { type DynamicModule, type InjectionToken, Logger, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { answerLimitsOf } from './answer-settings';
import { build } from './build-info';
import { settingsNotRead } from './environment';
import { httpAdapter, type HttpOptions } from './http-adapter';
import { serverLimits } from './http-settings';
import { logLevels } from './log-levels';
import { documentOf, serveOpenApi, showOpenApi } from './open-api';
import type { ProcessEnvironment } from './service-environment';
import { serviceLogger } from './service-logger';
import { stopOnSignals } from './stop-on-signals';
import { exportTraces } from './tracing/trace-export';
import { propagateTraces } from './tracing/trace-propagation';

export interface ServiceOptions {
  /** `accounts`: the name in logs, info and metrics. */
  name: string;
  /** What the OpenAPI document tells; without it there is no Swagger UI. */
  api?: ApiDescription;
  /** Instead of a document of its own: where another one is that Swagger UI shows, relative to `/swagger-ui/`. */
  apiDocs?: string;
  environment: ProcessEnvironment;
  /** Token of the Kafka strategy (or another one) that the app's modules provide; its `listen` must not wait for a broker. */
  strategy?: Type<CustomTransportStrategy & object>;
  /** Token of a globally exported provider that knows how the service's parts are. */
  health?: InjectionToken<HealthSource>;
  /** Token of a globally exported provider that knows what the service does again and again. */
  scheduledTasks?: InjectionToken<ScheduledTaskSource>;
  http?: HttpOptions;
  /** Guarded management endpoints are at the management port only, open ones at both. */
  guardedApart?: boolean;
}

@Module({})
class ServiceModule {}

/**
 * Starts a service as every service is: logs, traces, HAL conventions, management endpoints, Swagger UI, HTTP (which answers
 * even when Kafka or the store is away), then the consumers, and an orderly end on SIGTERM or SIGINT within 14 s.
 */
export async function startService(
  module: Type | DynamicModule,
  options: ServiceOptions,
): Promise<NestFastifyApplication> {
  const logger = new Logger('Service');
  try {
    const app = await createService(module, options);
    stopOnSignals(app);
    await listen(app, options);
    return app;
  } catch (error) {
    logger.fatal(error);
    process.exit(1);
  }
}

/** The service without listening and without touching the process: for tests, which call `listenService` and `app.close()` themselves. */
export async function createService(
  module: Type | DynamicModule,
  options: ServiceOptions,
): Promise<NestFastifyApplication> {
  propagateTraces(options.environment);
  await exportTraces(options.name, options.environment);
  const lifecycle = new Lifecycle();
  const levels = logLevels(options.environment, process.env);
  const app = await NestFactory.create<NestFastifyApplication>(
    rootOf(module, options, { lifecycle, levels }),
    httpAdapter(
      { lifecycle, levels, environment: options.environment, limits: serverLimits(options.environment) },
      { ...options.http, answers: answerLimitsOf(options.environment) },
    ),
    {
      logger: serviceLogger(options.name, options.environment, undefined, levels),
      bodyParser: false,
      abortOnError: false,
    },
  );
  for (const name of settingsNotRead(options.environment)) {
    new Logger('Environment').warn(`${name} is set, and means nothing here`);
  }
  if (options.api !== undefined) serveOpenApi(app, options.api);
  if (options.apiDocs !== undefined) showOpenApi(app, options.apiDocs);
  if (options.strategy) app.connectMicroservice({ strategy: app.get(options.strategy, { strict: false }) });
  return app.init();
}

/** Writes the OpenAPI document of a service to standard output: nothing is instantiated, connected or listened to. */
export async function printOpenApi(
  module: Type | DynamicModule,
  { api, ...options }: ServiceOptions & Required<Pick<ServiceOptions, 'api'>>,
): Promise<void> {
  const parts = { lifecycle: new Lifecycle(), levels: logLevels(options.environment, {}) };
  const app = await NestFactory.create<NestFastifyApplication>(rootOf(module, options, parts), new FastifyAdapter(), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  process.stdout.write(JSON.stringify(documentOf(app, api)));
}

/** Opens HTTP, then starts the consumers, then says ready. */
export async function listenService(
  app: NestFastifyApplication,
  { PORT, HOST }: Pick<ProcessEnvironment, 'PORT' | 'HOST'>,
): Promise<void> {
  await app.listen(PORT, HOST);
  await app.startAllMicroservices();
  app.get(Lifecycle).ready();
}

async function listen(app: NestFastifyApplication, { name, environment }: ServiceOptions): Promise<void> {
  await listenService(app, environment);
  new Logger('Service').log(`${name} ${build.version} listens on ${await app.getUrl()}`);
}

function rootOf(
  module: Type | DynamicModule,
  options: ServiceOptions,
  { lifecycle, levels }: { lifecycle: Lifecycle; levels: LogLevels },
): DynamicModule {
  const { name, environment, health, scheduledTasks, http, guardedApart = false } = options;
  const actuator = {
    name,
    build,
    environment,
    lifecycle,
    baseOf: requestBase,
    isCrossSite,
    clientOf,
    answerUnread,
    logLevels: levels,
    port: environment.PORT,
    host: environment.HOST,
    serverLimits: serverLimits(environment),
    guardedApart,
    ...(health !== undefined && { health }),
    ...(scheduledTasks !== undefined && { scheduledTasks }),
  };
  return {
    module: ServiceModule,
    imports: [HalModule.forRoot(http), ActuatorModule.forRoot(actuator), module],
  };
}
