import { createService, listenService, readEnvironment } from '@storefront/service';
import { randomBytes, randomUUID } from 'node:crypto';
import { type Connection, createConnection } from 'mongoose';
import { eventually } from '../../../test/eventually';
import { httpClient } from '../../../test/http-client';
import { AccountsEnvironment } from '../src/accounts.config';
import { accountsOptions, AccountsModule } from '../src/accounts.module';

/** Key of card numbers that all instances a spec starts share, as instances of one deployment do. */
export const cardKey = `test:${randomBytes(32).toString('base64')}`;

export interface RunningAccounts {
  url: string;
  /** URI of the database that only this service uses. */
  uri: string;
  request: ReturnType<typeof httpClient>;
  /** The service's own database. */
  store: Connection;
  stop(): Promise<void>;
}

/** The whole service on the engines of the test run, with a database of its own. */
export async function startAccounts(settings: Record<string, string> = {}): Promise<RunningAccounts> {
  const uri = `${process.env.MONGODB_URI}/accounts_${randomUUID().replaceAll('-', '')}`;
  const environment = readEnvironment(AccountsEnvironment, {
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    KAFKA_BROKERS: process.env.KAFKA_BROKERS,
    MONGODB_URI: uri,
    SAMPLE_DATA: 'enabled',
    CARD_NUMBERS_KEY: cardKey,
    ...settings,
  });
  const app = await createService(AccountsModule.forEnvironment(environment), accountsOptions(environment));
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
    uri,
    request,
    store,
    async stop() {
      await app.close();
      await store.close();
    },
  };
}
