import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { z } from 'zod';
import { jaasOptions } from './jaas';
import type { KafkaEnvironment } from './kafka-environment';
import type { KafkaCredentials, KafkaSettings, KafkaTls } from './kafka-settings';

/** A variable that does not fit the others. */
class SettingsFault extends Error {
  constructor(
    readonly variable: keyof KafkaEnvironment,
    message: string,
  ) {
    super(message);
  }
}

/** What no variable shows alone, for `z.object({ …kafkaEnvironment }).superRefine(checkKafkaEnvironment)`. */
export function checkKafkaEnvironment(environment: KafkaEnvironment, context: z.RefinementCtx): void {
  for (const check of [tlsOf, credentialsOf]) {
    try {
      check(environment);
    } catch (error) {
      if (!(error instanceof SettingsFault)) throw error;
      context.addIssue({ code: 'custom', path: [error.variable], message: error.message });
    }
  }
}

/**
 * What the variables say. Credentials and certificates follow an environment that changes (values from files do): every look at them finds the
 * newest ones that fit together, so each new connection logs in with those. Connections that are open stay. Throws where they do not fit at first.
 */
export function kafkaSettings(environment: KafkaEnvironment): KafkaSettings {
  const sasl = following(() => credentialsOf(environment));
  return {
    brokers: environment.KAFKA_BROKERS,
    ssl: following(() => tlsOf(environment)),
    ...(sasl && { sasl }),
    sessionTimeoutMs: environment.KAFKA_SESSION_TIMEOUT_MS,
    requestTimeoutMs: environment.KAFKA_REQUEST_TIMEOUT_MS,
    retryBackoffMs: environment.KAFKA_RETRY_BACKOFF_MS,
    topicPrefix: environment.KAFKA_TOPIC_PREFIX,
    groupPrefix: environment.KAFKA_CONSUMER_GROUP_PREFIX,
  };
}

/** An object that has, at each look, the values of what `read` returns then; of the last that it returned where it throws or returns another kind. */
function following<T>(read: () => T): T {
  let last = read();
  if (typeof last !== 'object' || last === null) return last;
  const keys = Object.keys(last);
  const newest = () => {
    try {
      const next = read();
      const isAlike = typeof next === 'object' && next !== null && Object.keys(next).join() === keys.join();
      if (isAlike) last = next;
    } catch {
      // half of a rotation: a certificate that is there before its key
    }
    return last as object;
  };
  const properties = keys.map((key) => [key, { enumerable: true, get: () => Reflect.get(newest(), key) as unknown }]);
  return Object.defineProperties({}, Object.fromEntries(properties) as PropertyDescriptorMap) as T;
}

function tlsOf(environment: KafkaEnvironment): boolean | KafkaTls {
  const { KAFKA_SSL, KAFKA_SECURITY_PROTOCOL: protocol, KAFKA_SSL_CA: ca } = environment;
  const { KAFKA_SSL_CERT: cert, KAFKA_SSL_KEY: key } = environment;
  const byProtocol = protocol?.endsWith('SSL');
  if (KAFKA_SSL !== undefined && byProtocol !== undefined && byProtocol !== (KAFKA_SSL === 'true')) {
    throw new SettingsFault('KAFKA_SSL', `the security protocol is ${protocol}: they contradict each other`);
  }
  if (!byProtocol && KAFKA_SSL !== 'true') {
    if (KAFKA_SSL === undefined && protocol === undefined && (ca || cert)) {
      throw new SettingsFault('KAFKA_SSL', 'true is expected where certificates are given');
    }
    return false;
  }
  if (cert && !key) throw new SettingsFault('KAFKA_SSL_KEY', 'the key of KAFKA_SSL_CERT is expected');
  if (key && !cert) throw new SettingsFault('KAFKA_SSL_CERT', 'the certificate of KAFKA_SSL_KEY is expected');
  const verifyHost = environment.KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM === 'https';
  if (ca) readable('KAFKA_SSL_CA', 'a certificate', () => new X509Certificate(ca));
  if (cert) readable('KAFKA_SSL_CERT', 'a certificate', () => new X509Certificate(cert));
  if (cert && key) readable('KAFKA_SSL_KEY', 'the key of KAFKA_SSL_CERT', () => createSecureContext({ cert, key }));
  if (!ca && !cert && verifyHost) return true;
  return { ...(ca && { ca }), ...(cert && key && { cert, key }), verifyHost };
}

function readable(variable: keyof KafkaEnvironment, what: string, read: () => unknown): void {
  try {
    read();
  } catch {
    throw new SettingsFault(variable, `${what} as PEM is expected`);
  }
}

function credentialsOf(environment: KafkaEnvironment): KafkaCredentials | undefined {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SECURITY_PROTOCOL: protocol } = environment;
  // as Java's client does: without SASL in the protocol, nothing of SASL is looked at
  if (protocol && !protocol.startsWith('SASL_')) return undefined;
  if (!mechanism) {
    if (!protocol && !environment.KAFKA_SASL_USERNAME && !environment.KAFKA_SASL_JAAS_CONFIG) return undefined;
    throw new SettingsFault('KAFKA_SASL_MECHANISM', 'it is expected where there is something to log in with');
  }
  if (mechanism === 'OAUTHBEARER') return tokenCredentials(environment);
  if (mechanism === 'AWS_MSK_IAM') {
    return { mechanism, region: needed(environment.AWS_REGION, 'AWS_REGION', mechanism) };
  }
  const jaas = jaasOptions(environment.KAFKA_SASL_JAAS_CONFIG ?? '');
  return {
    mechanism,
    username: needed(environment.KAFKA_SASL_USERNAME ?? jaas['username'], 'KAFKA_SASL_USERNAME', mechanism),
    password: needed(environment.KAFKA_SASL_PASSWORD ?? jaas['password'], 'KAFKA_SASL_PASSWORD', mechanism),
  };
}

function tokenCredentials(environment: KafkaEnvironment): KafkaCredentials {
  const mechanism = 'OAUTHBEARER';
  const jaas = jaasOptions(environment.KAFKA_SASL_JAAS_CONFIG ?? '');
  const { KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: url } = environment;
  const clientId = environment.KAFKA_SASL_OAUTHBEARER_CLIENT_ID ?? jaas['clientId'];
  const secret = environment.KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET ?? jaas['clientSecret'];
  const scope = environment.KAFKA_SASL_OAUTHBEARER_SCOPE ?? jaas['scope'];
  return {
    mechanism,
    tokenEndpointUrl: needed(url, 'KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL', mechanism),
    clientId: needed(clientId, 'KAFKA_SASL_OAUTHBEARER_CLIENT_ID', mechanism),
    clientSecret: needed(secret, 'KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET', mechanism),
    ...(scope && { scope }),
  };
}

function needed(value: string | undefined, variable: keyof KafkaEnvironment, mechanism: string): string {
  if (!value) throw new SettingsFault(variable, `${mechanism} needs it`);
  return value;
}
