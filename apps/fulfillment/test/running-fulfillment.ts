import { fulfillmentRequests, orderStatusChanges } from '@storefront/contracts';
import { kafkaSettings, MessagingModule, parkingLimits } from '@storefront/messaging';
import { micrometerTimer } from '@storefront/actuator';
import { createService, listenService, OperatorEndpoint, readEnvironment } from '@storefront/service';
import { randomUUID } from 'node:crypto';
import { type Connection, createConnection } from 'mongoose';
import { eventually } from '../../../test/eventually';
import { httpClient } from '../../../test/http-client';
import { FulfillmentEnvironment } from '../src/fulfillment.config';
import { fulfillmentOptions, FulfillmentModule } from '../src/fulfillment.module';

export interface RunningFulfillment {
  url: string;
  request: ReturnType<typeof httpClient>;
  /** The service's own database. */
  store: Connection;
  stop(): Promise<void>;
}

/**
 * The whole service on the engines of the test run, with a database and a consumer group of its own: a service of another
 * spec in the group would take partitions away.
 */
export async function startFulfillment(settings: Record<string, string> = {}): Promise<RunningFulfillment> {
  const uri = `${process.env.MONGODB_URI}/fulfillment_${randomUUID().replaceAll('-', '')}`;
  const environment = readEnvironment(FulfillmentEnvironment, {
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
    KAFKA_BROKERS: process.env.KAFKA_BROKERS,
    KAFKA_SESSION_TIMEOUT_MS: '3000',
    MONGODB_URI: uri,
    SAMPLE_DATA: 'enabled',
    ...settings,
  });
  const app = await createService(withOwnGroup(environment), fulfillmentOptions(environment));
  await listenService(app, environment);
  const store = await createConnection(uri).asPromise();
  const url = await app.getUrl();
  const request = httpClient(url);
  await eventually(
    () => request('GET', '/actuator/health/readiness'),
    ({ status }) => status === 200,
  );
  return {
    url,
    request,
    store,
    async stop() {
      await app.close();
      await store.close();
    },
  };
}

function withOwnGroup(environment: FulfillmentEnvironment): ReturnType<typeof FulfillmentModule.forEnvironment> {
  const module = FulfillmentModule.forEnvironment(environment);
  const messaging = MessagingModule.forRoot({
    service: `fulfillment-${randomUUID()}`,
    kafka: kafkaSettings(environment),
    owns: [orderStatusChanges],
    consumes: [fulfillmentRequests],
    parking: parkingLimits(environment),
    managementEndpoint: OperatorEndpoint,
    timer: micrometerTimer,
  });
  const imports = module.imports?.map((entry) =>
    'module' in entry && entry.module === MessagingModule ? messaging : entry,
  );
  return { ...module, imports };
}
