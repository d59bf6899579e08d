import type { mongo } from 'mongoose';
import { z } from 'zod';
import { readEnvironment } from '../../libs/service/src/environment';
import { checkStoreEnvironment, credentialOptions, storeEnvironment } from '../../libs/service/src/store-settings';
import { databaseUri, type Environment } from '../system-settings';

/** How the driver reaches the database of a service. */
export interface ServiceStore {
  readonly uri: string;
  readonly database: string;
  readonly options: mongo.MongoClientOptions;
}

const Store = z.object(storeEnvironment).superRefine(checkStoreEnvironment);
const namesUri = /^(MONGODB_URI(_FILE)?|SPRING[._]DATA[._]MONGODB[._]URI)$/i;

/**
 * Reads the variables that the service itself reads: MONGODB_URI, MONGODB_USERNAME, MONGODB_PASSWORD and MONGODB_TLS_CA, their files and Spring's names.
 * `given` is taken instead of the URI in them; `running` is the address of the system that runs here, taken as it is where nobody names another
 * one. Returns undefined where there is none of these; throws EnvironmentFaults where they contradict each other.
 */
export function serviceStore(
  service: 'accounts' | 'orders',
  { given, running }: { readonly given: string | undefined; readonly running: string | undefined },
  environment: Environment = process.env,
): ServiceStore | undefined {
  const isNamed = Object.entries(environment).some(([name, value]) => value && namesUri.test(name));
  if (given === undefined && !isNamed) {
    if (running === undefined) return undefined;
    return { uri: databaseUri(running, service), database: service, options: {} };
  }
  const others = Object.entries(environment).filter(([name]) => !namesUri.test(name));
  const read = given === undefined ? environment : { ...Object.fromEntries(others), MONGODB_URI: given };
  const settings = readEnvironment(Store, read);
  const [, database] = /^[^/]+\/\/[^/?]+\/([^?]+)/.exec(settings.MONGODB_URI) ?? [];
  const { auth, tls, ca } = credentialOptions(settings);
  return {
    uri: settings.MONGODB_URI,
    database: database ?? service,
    options: { ...(auth && { auth }), ...(tls && { tls }), ...(ca && { ca }) },
  };
}
