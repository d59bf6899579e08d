import { randomUUID } from 'node:crypto';
import { getConnectionToken } from '@nestjs/mongoose';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { customerChanges, fulfillmentRequests, orderStatusChanges } from '@storefront/contracts';
import { kafkaSettings, MessagingModule, parkingLimits } from '@storefront/messaging';
import { micrometerTimer } from '@storefront/actuator';
import { createService, listenService, OperatorEndpoint, readEnvironment } from '@storefront/service';
import type { Connection } from 'mongoose';
import { eventually } from '../../../test/eventually';
import { httpClient } from '../../../test/http-client';
import { OrdersEnvironment } from '../src/orders.config';
import { ordersOptions, OrdersModule } from '../src/orders.module';

export interface RunningOrders {
  app: NestFastifyApplication;
  url: string;
  store: Connection;
  request: ReturnType<typeof httpClient>;
  stop(): Promise<void>;
}

/**
 * The whole service on the engines of the test run, with a database and a consumer group of its own: a service of another
 * spec in the group would take partitions away. It consumes only where asked to.
 */
export async function startOrders(
  settings: Record<string, string> = {},
  { consumes } = { consumes: false },
): Promise<RunningOrders> {
  const environment = readEnvironment(OrdersEnvironment, {
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
    KAFKA_BROKERS: process.env.KAFKA_BROKERS,
    KAFKA_SESSION_TIMEOUT_MS: '3000',
    MONGODB_URI: `${process.env.MONGODB_URI}/orders_${randomUUID().replaceAll('-', '')}`,
    SAMPLE_DATA: 'enabled',
    ...settings,
  });
  const { strategy, ...options } = ordersOptions(environment);
  const app = await createService(withOwnGroup(environment), { ...options, ...(consumes && { strategy }) });
  await listenService(app, environment);
  const url = await app.getUrl();
  const request = httpClient(url);
  await eventually(
    () => request('GET', '/actuator/health/readiness'),
    ({ status }) => status === 200,
  );
  const store = app.get<Connection>(getConnectionToken());
  return { app, url, store, request, stop: () => app.close() };
}

function withOwnGroup(environment: OrdersEnvironment): ReturnType<typeof OrdersModule.forEnvironment> {
  const module = OrdersModule.forEnvironment(environment);
  const messaging = MessagingModule.forRoot({
    service: `orders-${randomUUID()}`,
    kafka: kafkaSettings(environment),
    owns: [fulfillmentRequests],
    consumes: [customerChanges, orderStatusChanges],
    parking: parkingLimits(environment),
    managementEndpoint: OperatorEndpoint,
    timer: micrometerTimer,
  });
  const imports = module.imports?.map((entry) =>
    'module' in entry && entry.module === MessagingModule ? messaging : entry,
  );
  return { ...module, imports };
}
