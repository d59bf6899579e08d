import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { customerChanges, fulfillmentRequests, orderStatusChanges } from '@storefront/contracts';
import { kafkaSettings, KafkaConsumer, MessagingHealth, MessagingModule } from '@storefront/messaging';
import { createService, listenService } from '@storefront/service';
import { eventually } from '../../../libs/messaging/testing/harness';
import { OrdersEnvironment } from '../src/orders.config';
import { OrdersModule } from '../src/orders.module';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON. */
  readonly body: never;
}

export interface OrdersService {
  readonly app: NestFastifyApplication;
  readonly url: string;
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  stop(): Promise<void>;
}

export const sampleOff = { SAMPLE_DATA: 'disabled' };

/**
 * The real service on the engines of the test run, with a database and, where it consumes, a consumer group of its own:
 * another spec's service in the group would take partitions away.
 */
export async function startOrders({ consumes = false, variables = {} } = {}): Promise<OrdersService> {
  const environment = OrdersEnvironment.parse({
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
    LOG_FORMAT: 'json',
    KAFKA_BROKERS: process.env.KAFKA_BROKERS,
    KAFKA_SESSION_TIMEOUT_MS: '3000',
    MONGODB_URI: `${process.env.MONGODB_URI}/orders-${randomUUID()}`,
    SAMPLE_DATA: 'enabled',
    ...variables,
  });
  const app = await createService(withOwnGroup(environment), {
    name: 'orders',
    title: 'Storefront Demo - Orders API',
    version: '0',
    environment,
    health: MessagingHealth,
    ...(consumes && { strategy: KafkaConsumer }),
  });
  await listenService(app, environment);
  const url = (await app.getUrl()).replace(/\/$/, '');
  await eventually(
    () => ask(url, 'GET', '/actuator/health/readiness'),
    ({ status }) => status === 200,
  );
  return { app, url, request: (...request) => ask(url, ...request), stop: () => app.close() };
}

function withOwnGroup(environment: OrdersEnvironment): ReturnType<typeof OrdersModule.forEnvironment> {
  const module = OrdersModule.forEnvironment(environment);
  const messaging = MessagingModule.forRoot({
    service: `orders-${randomUUID()}`,
    kafka: kafkaSettings(environment),
    owns: [fulfillmentRequests],
    consumes: [customerChanges, orderStatusChanges],
  });
  const imports = module.imports?.map((entry) =>
    'module' in entry && entry.module === MessagingModule ? messaging : entry,
  );
  return { ...module, imports };
}

async function ask(
  url: string,
  method: string,
  path: string,
  ...[body, headers]: [body?: unknown, headers?: Record<string, string>]
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    get body(): never {
      return JSON.parse(text) as never;
    },
  };
}
