import { Controller, Get, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import {
  ActuatorModule,
  type ActuatorOptions,
  type HealthComponent,
  type HealthSource,
  Lifecycle,
  LogLevels,
  ManagementEndpoint,
  managementEnvironment,
  measureRequests,
} from '../src';

/** What an application knows of its parts: checks of its own, and indicators of terminus. */
export class ThingsHealth implements HealthSource {
  kafkaStatus: HealthComponent['status'] = 'UP';
  kafkaDetails: object = { brokers: 1 };
  readonly neededForTraffic = ['mongo'];
  readonly healthComponents = {
    mongo: () => this.indicators.check('mongo').up({ database: 'things' }),
    kafka: () => ({ status: this.kafkaStatus, details: this.kafkaDetails }),
  };

  constructor(private readonly indicators: HealthIndicatorService) {}
}

/** An endpoint of the application's own. */
@ManagementEndpoint('parked')
class ParkedController {
  @Get()
  list() {
    return { lanes: [] };
  }

  @Post(':lane/redrive')
  redrive(@Param('lane') lane: string) {
    return { lane };
  }
}

/** One that has nothing at its own path. */
@ManagementEndpoint('bells')
class BellsController {
  @Post('ring')
  ring() {
    return { rung: true };
  }
}

class ThingBroken extends Error {}

@Controller('things')
class ThingsController {
  @Get(':id')
  one(@Param('id') id: string) {
    if (id === 'broken') throw new ThingBroken('a thing');
    return { id };
  }
}

/** Knows what the application does again and again. */
class Clock {
  scheduledTasks() {
    return [
      { target: 'Chime', fixedDelayMs: 3_600_000 },
      { target: 'Wind', trigger: 'when it stands still' },
    ];
  }
}

@Module({
  imports: [TerminusModule],
  providers: [
    Clock,
    {
      provide: ThingsHealth,
      inject: [HealthIndicatorService],
      useFactory: (indicators: HealthIndicatorService) => new ThingsHealth(indicators),
    },
  ],
  exports: [ThingsHealth, Clock],
})
class ThingsHealthModule {}

/** A Nest application with management endpoints, and how to talk to it. */
export interface ThingsApp {
  app: NestFastifyApplication;
  health: ThingsHealth;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: object, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  status: number;
  type: unknown;
  text: string;
  headers: Record<string, unknown>;
  json: Record<string, unknown>;
}

export const credential = { MANAGEMENT_USERNAME: 'ops', MANAGEMENT_PASSWORD: 'se:cret' };
export const authorized = basic('ops:se:cret');

export function basic(credentials: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

export async function startThings(
  environment: Record<string, string> = {},
  options: Partial<ActuatorOptions> = {},
): Promise<ThingsApp> {
  const adapter = new FastifyAdapter();
  measureRequests(adapter.getInstance());
  const lifecycle = new Lifecycle();
  lifecycle.ready();
  const actuator = ActuatorModule.forRoot({
    name: 'things',
    build: { version: '1.2.3' },
    lifecycle,
    environment: z.object(managementEnvironment).parse(environment),
    health: ThingsHealth,
    logLevels: new LogLevels({ groups: { web: ['Requests'] } }),
    scheduledTasks: Clock,
    baseOf: () => 'http://h',
    isCrossSite: ({ headers }) => headers['sec-fetch-site'] === 'cross-site',
    clientOf: ({ ip }) => ip,
    ...options,
  });
  const root = {
    module: class ThingsModule {},
    imports: [{ module: ThingsHealthModule, global: true }, actuator],
    controllers: [ParkedController, BellsController, ThingsController],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, { logger: false });
  await app.init();
  const ask = async (method: 'GET' | 'POST', url: string, rest: object): Promise<Answer> => {
    const { statusCode, body, headers } = await app.inject({ method, url, ...rest });
    const isJson = /json/.test(String(headers['content-type']));
    return {
      status: statusCode,
      type: headers['content-type'],
      text: body,
      headers,
      json: isJson ? (JSON.parse(body) as Record<string, unknown>) : {},
    };
  };
  return {
    app,
    health: app.get(ThingsHealth, { strict: false }),
    get: (path, headers = {}) => ask('GET', path, { headers }),
    post: (path, payload, headers = {}) => ask('POST', path, { headers, ...(payload && { payload }) }),
  };
}
