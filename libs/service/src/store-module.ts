import { type DynamicModule, Module } from '@nestjs/common';
import { measureMongoPool, mongoCommandTimer } from '@storefront/actuator';
import { getConnectionToken, MongooseModule } from '@nestjs/mongoose';
import type { ConnectOptions, Connection } from 'mongoose';
import { traceStore } from './tracing/store-spans';
import { isTracing } from './tracing/trace-export';
import { repairDriver } from './driver-repairs';
import { FirstConnection } from './first-connection';
import { observeCommands } from './mongo-commands';
import { followCredentials } from './store-credentials';
import { credentialOptions, currentCredentials, type StoreEnvironment } from './store-settings';

/**
 * The service's connection to its store. A store that is away does not stop the start: it is looked for until it is there,
 * and until then every operation fails after 3 s. A user and a password that come from files may be rotated: new connections log in with the
 * newest. Nest closes the connection in `onApplicationShutdown`.
 */
@Module({})
export class StoreModule {
  static forRoot(environment: StoreEnvironment, defaultDatabase: string): DynamicModule {
    repairDriver();
    const { MONGODB_URI: uri } = environment;
    const options = { ...connectOptions(uri, defaultDatabase), ...credentialOptions(environment) };
    return {
      module: StoreModule,
      imports: [
        MongooseModule.forRootAsync({
          useFactory: () => ({
            uri,
            ...options,
            monitorCommands: isTracing(),
            lazyConnection: true,
            connectionFactory: (connection: Connection) => {
              if (isTracing()) traceStore(connection);
              return connection;
            },
          }),
        }),
      ],
      providers: [
        {
          provide: FirstConnection,
          inject: [getConnectionToken()],
          useFactory: (connection: Connection) => {
            observeCommands(mongoCommandTimer());
            const current = () => currentCredentials(environment);
            measureMongoPool(connection.getClient());
            followCredentials(connection.getClient(), current);
            return new FirstConnection(connection, () => {
              const opened = connection.openUri(uri, { ...options, monitorCommands: isTracing() });
              measureMongoPool(connection.getClient());
              followCredentials(connection.getClient(), current);
              return opened;
            });
          },
        },
      ],
    };
  }
}

/** `StoreModule` for the database the URI names, else for `defaultDatabase`. */
export function storeModule(environment: StoreEnvironment, defaultDatabase: string): DynamicModule {
  return StoreModule.forRoot(environment, defaultDatabase);
}

/** An option of mongoose's own that its types leave out. */
const buffering = { bufferTimeoutMS: 3_000 };

function connectOptions(uri: string, defaultDatabase: string): ConnectOptions {
  const namesDatabase = /^mongodb(\+srv)?:\/\/[^/?]+\/[^?]+/.test(uri);
  return {
    ...(!namesDatabase && { dbName: defaultDatabase }),
    appName: defaultDatabase,
    serverSelectionTimeoutMS: 3_000,
    connectTimeoutMS: 3_000,
    socketTimeoutMS: 10_000,
    waitQueueTimeoutMS: 3_000,
    ...buffering,
    heartbeatFrequencyMS: 5_000,
    minPoolSize: 1,
    maxPoolSize: 20,
  };
}
