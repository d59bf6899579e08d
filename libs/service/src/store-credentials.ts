import { mongo } from 'mongoose';

interface AuthContext {
  credentials?: mongo.MongoCredentials | undefined;
}

/** Of the driver: how a connection logs in, its first message included. */
interface AuthProvider {
  prepare(handshake: object, context: AuthContext): Promise<object>;
  auth(context: AuthContext): Promise<void>;
}

interface AuthProviders {
  getOrCreateProvider(mechanism: string, properties: object): AuthProvider;
}

/** Those by which a user logs in with a password. */
const mechanisms = ['SCRAM-SHA-1', 'SCRAM-SHA-256', 'PLAIN'];

/**
 * Lets each new connection of a client log in with the user and password that `current` returns at that moment, which the driver (7.8) reads
 * once for all; undefined, or an error of `current`, means the client's own. Connections that are logged in stay so: MongoDB does not end
 * them where a password changes. Can go with a driver that has a callback for SCRAM, as it has for OIDC.
 */
export function followCredentials(client: mongo.MongoClient, current: () => mongo.MongoCredentials | undefined): void {
  const { authProviders } = (client as unknown as { s: { authProviders: AuthProviders } }).s;
  for (const mechanism of mechanisms) {
    const provider = authProviders.getOrCreateProvider(mechanism, {});
    const prepare = provider.prepare.bind(provider);
    const auth = provider.auth.bind(provider);
    provider.prepare = (handshake, context) => prepare(handshake, renewed(context, current));
    provider.auth = (context) => auth(renewed(context, current));
  }
}

function renewed(context: AuthContext, current: () => mongo.MongoCredentials | undefined): AuthContext {
  try {
    context.credentials = current() ?? context.credentials;
  } catch {
    // an address that cannot be read: the login that was good before is tried
  }
  return context;
}
