import { X509Certificate } from 'node:crypto';
import { type ConnectOptions, mongo } from 'mongoose';
import { z } from 'zod';

/** How a service reaches its store: the part of its environment that `storeModule` needs. */
export const storeEnvironment = {
  MONGODB_URI: z
    .string({ error: 'a MongoDB URI is expected, such as mongodb://127.0.0.1:27017/orders' })
    .regex(/^mongodb(\+srv)?:\/\//, { error: 'it is expected to start with mongodb:// or mongodb+srv://', abort: true })
    .refine(canBeParsed, {
      error: 'it cannot be read as a MongoDB URI; special characters in names and passwords are to be percent-encoded',
    })
    .meta({ alias: 'SPRING_DATA_MONGODB_URI' }),
  /** Instead of a user and a password in the URI, where they would have to be percent-encoded. */
  MONGODB_USERNAME: z.string().optional().meta({ alias: 'SPRING_DATA_MONGODB_USERNAME' }),
  MONGODB_PASSWORD: z.string().optional().meta({ alias: 'SPRING_DATA_MONGODB_PASSWORD' }),
  /** PEM; makes the connection TLS. */
  MONGODB_TLS_CA: z.string().refine(isCertificate, { error: 'a certificate as PEM is expected' }).optional(),
};

export type StoreEnvironment = z.output<z.ZodObject<typeof storeEnvironment>>;

/** What no variable shows alone. */
export function checkStoreEnvironment(environment: StoreEnvironment, context: z.RefinementCtx): void {
  const { MONGODB_URI: uri, MONGODB_USERNAME: username, MONGODB_PASSWORD: password } = environment;
  const add = (name: keyof StoreEnvironment, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  if (username && !password) add('MONGODB_PASSWORD', 'the password of MONGODB_USERNAME is expected');
  if (password && !username) add('MONGODB_USERNAME', 'the user whose password is MONGODB_PASSWORD is expected');
  if (username && /^[^/]+\/\/[^/]*@/.test(uri)) add('MONGODB_USERNAME', 'MONGODB_URI names a user already');
}

/** What the variables say, as options of the connection. */
export function credentialOptions(environment: StoreEnvironment): ConnectOptions {
  const { MONGODB_USERNAME: username, MONGODB_PASSWORD: password, MONGODB_TLS_CA: ca } = environment;
  return { ...(username && password && { auth: { username, password } }), ...(ca && { tls: true, ca }) };
}

/** Whom the variables say that the service is now; undefined where they name nobody. Throws where the address cannot be read. */
export function currentCredentials(environment: StoreEnvironment): mongo.MongoCredentials | undefined {
  const { auth } = credentialOptions(environment);
  return new mongo.MongoClient(environment.MONGODB_URI, { ...(auth && { auth }) }).options.credentials;
}

function canBeParsed(uri: string): boolean {
  try {
    new mongo.MongoClient(uri);
    return true;
  } catch {
    return false;
  }
}

function isCertificate(pem: string): boolean {
  try {
    return Boolean(new X509Certificate(pem));
  } catch {
    return false;
  }
}
