import type { DynamicModule } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';

/**
 * The service's connection to its store. A store that is away does not stop the start: the driver keeps looking for it for
 * ever, and until then each operation fails after `serverSelectionTimeoutMS`. Nest closes it in `onApplicationShutdown`.
 */
export function storeModule(uri: string, defaultDatabase: string): DynamicModule {
  return MongooseModule.forRoot(uri, {
    lazyConnection: true,
    ...(hasDatabase(uri) ? {} : { dbName: defaultDatabase }),
    appName: defaultDatabase,
    /** Commands wait for the driver, not in a queue of mongoose's. */
    bufferCommands: false,
    serverSelectionTimeoutMS: 3_000,
    connectTimeoutMS: 3_000,
    socketTimeoutMS: 10_000,
    waitQueueTimeoutMS: 3_000,
    maxPoolSize: 20,
    minPoolSize: 1,
    heartbeatFrequencyMS: 5_000,
  });
}

function hasDatabase(uri: string): boolean {
  return /^mongodb(\+srv)?:\/\/[^/?]+\/[^?]+/.test(uri);
}
