import { z } from 'zod';
import { saslMechanisms } from './kafka-settings';

const broker = /^[^\s:,]+:\d{1,5}$/;
const protocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;

function milliseconds(min: number, max: number) {
  return z.coerce.number({ error: 'must be a number' }).int().min(min).max(max);
}

function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z
    .string()
    .toUpperCase()
    .pipe(z.enum(values, { error: `must be one of ${values.join(', ')}` }))
    .optional();
}

/** The longest name of a topic is 249 characters (Kafka's Topic.java), of which the contract's name takes 24. */
const MAX_PREFIX_CHARS = 100;

/** The beginning of a name of Kafka's. Two underscores are Kafka's own beginning, of its internal topics. */
function prefix() {
  return z
    .string()
    .max(MAX_PREFIX_CHARS, { error: `must have at most ${MAX_PREFIX_CHARS} characters` })
    .regex(/^(?!__)[A-Za-z0-9._-]*$/, { error: 'must be of letters, digits, . _ -, and not begin with __' })
    .default('');
}

/** Spring's names of Kafka's own properties: `spring.kafka.properties.<name>`, for a few also without `properties`. */
function javaNames(property: string, ...more: string[]) {
  return { alias: [`SPRING_KAFKA_PROPERTIES_${property}`, ...more] };
}

/**
 * The environment's part of a service's configuration schema: our names, and as aliases Spring's names of the properties that
 * Java's client has for the same. Check it with `checkKafkaEnvironment`.
 */
export const kafkaEnvironment = {
  KAFKA_BROKERS: z
    .string({ error: 'is required: host:port, several separated by commas' })
    .transform((list) =>
      list
        .split(',')
        // Confluent shows them as SASL_SSL://host:port
        .map((entry) => entry.trim().replace(/^[A-Z_]+:\/\//, ''))
        .filter(Boolean),
    )
    .refine((brokers) => brokers.length > 0 && brokers.every((entry) => broker.test(entry)), {
      error: 'must be host:port, several separated by commas',
    })
    .meta(javaNames('BOOTSTRAP_SERVERS', 'SPRING_KAFKA_BOOTSTRAP_SERVERS')),
  KAFKA_TOPIC_PREFIX: prefix(),
  KAFKA_CONSUMER_GROUP_PREFIX: prefix(),
  KAFKA_SECURITY_PROTOCOL: oneOf(protocols).meta(javaNames('SECURITY_PROTOCOL', 'SPRING_KAFKA_SECURITY_PROTOCOL')),
  KAFKA_SSL: z.enum(['true', 'false'], { error: 'must be true or false' }).optional(),
  KAFKA_SSL_CA: z.string().optional().meta(javaNames('SSL_TRUSTSTORE_CERTIFICATES')),
  KAFKA_SSL_CERT: z.string().optional().meta(javaNames('SSL_KEYSTORE_CERTIFICATE_CHAIN')),
  KAFKA_SSL_KEY: z.string().optional().meta(javaNames('SSL_KEYSTORE_KEY')),
  /** Only this one means something when it is empty: the host's name is not checked then. */
  KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM: z
    .enum(['https', ''], { error: 'must be https, or empty to leave the host unchecked' })
    .default('https')
    .meta({ ...javaNames('SSL_ENDPOINT_IDENTIFICATION_ALGORITHM'), emptyCounts: true }),
  KAFKA_SASL_MECHANISM: oneOf(saslMechanisms).meta(javaNames('SASL_MECHANISM')),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  KAFKA_SASL_JAAS_CONFIG: z.string().optional().meta(javaNames('SASL_JAAS_CONFIG')),
  KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: z
    .url({ protocol: /^https?$/, error: 'must be the URL of a token endpoint' })
    .optional()
    .meta(javaNames('SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL')),
  KAFKA_SASL_OAUTHBEARER_CLIENT_ID: z
    .string()
    .optional()
    .meta(javaNames('SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_ID')),
  KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: z
    .string()
    .optional()
    .meta(javaNames('SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_SECRET')),
  KAFKA_SASL_OAUTHBEARER_SCOPE: z.string().optional().meta(javaNames('SASL_OAUTHBEARER_SCOPE')),
  AWS_REGION: z.string().optional().meta({ alias: 'AWS_DEFAULT_REGION' }),
  KAFKA_SESSION_TIMEOUT_MS: milliseconds(3_000, 300_000)
    .default(10_000)
    .meta(javaNames('SESSION_TIMEOUT_MS', 'SPRING_KAFKA_CONSUMER_PROPERTIES_SESSION_TIMEOUT_MS')),
  KAFKA_REQUEST_TIMEOUT_MS: milliseconds(1_000, 120_000).default(15_000).meta(javaNames('REQUEST_TIMEOUT_MS')),
  KAFKA_RETRY_BACKOFF_MS: milliseconds(1, 10_000).default(100).meta(javaNames('RETRY_BACKOFF_MS')),
};

export type KafkaEnvironment = z.output<z.ZodObject<typeof kafkaEnvironment>>;
