import { z } from 'zod';
import { checkKafkaEnvironment, kafkaSettings } from './environment-settings';
import { jaasOptions } from './jaas';
import { kafkaEnvironment } from './kafka-environment';

const Environment = z.object(kafkaEnvironment).superRefine(checkKafkaEnvironment);
const base = { KAFKA_BROKERS: 'b1:9092, b2:9092' };

function settings(environment: Record<string, string>) {
  return kafkaSettings(Environment.parse({ ...base, ...environment }));
}

function faults(environment: Record<string, string>): string[] {
  const result = Environment.safeParse({ ...base, ...environment });
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('Kafka settings', () => {
  it('are plain text by default', () => {
    expect(settings({})).toEqual({
      brokers: ['b1:9092', 'b2:9092'],
      ssl: false,
      sessionTimeoutMs: 10_000,
      requestTimeoutMs: 15_000,
      retryBackoffMs: 100,
      topicPrefix: '',
      groupPrefix: '',
    });
  });

  it('take prefixes for an environment that shares its cluster', () => {
    const given = { KAFKA_TOPIC_PREFIX: 'test.', KAFKA_CONSUMER_GROUP_PREFIX: 'test-' };
    expect(settings(given)).toMatchObject({ topicPrefix: 'test.', groupPrefix: 'test-' });
  });

  it.each(['plain', 'PLAIN', 'scram-sha-256', 'SCRAM-SHA-512'])('take a user and a password for %s', (mechanism) => {
    expect(
      settings({ KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: 'orders', KAFKA_SASL_PASSWORD: 's' }).sasl,
    ).toEqual({ mechanism: mechanism.toUpperCase(), username: 'orders', password: 's' });
  });

  it('are those of Confluent Cloud by the properties of Java', () => {
    const login =
      'org.apache.kafka.common.security.plain.PlainLoginModule required username="key" password="se\\"cret;";';
    expect(
      settings({
        KAFKA_BROKERS: 'SASL_SSL://pkc-1.confluent.cloud:9092',
        KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
        KAFKA_SASL_MECHANISM: 'PLAIN',
        KAFKA_SASL_JAAS_CONFIG: login,
      }),
    ).toMatchObject({
      brokers: ['pkc-1.confluent.cloud:9092'],
      ssl: true,
      sasl: { mechanism: 'PLAIN', username: 'key', password: 'se"cret;' },
    });
  });

  it('leave SASL alone where the protocol has none, as Java does', () => {
    const login = { KAFKA_SASL_MECHANISM: 'PLAIN', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };
    expect(settings({ ...login, KAFKA_SECURITY_PROTOCOL: 'SSL' })).toMatchObject({ ssl: true });
    expect(settings({ ...login, KAFKA_SECURITY_PROTOCOL: 'SSL' }).sasl).toBeUndefined();
  });

  it('leave the host of the certificate unchecked only when told so', () => {
    expect(settings({ KAFKA_SSL: 'true', KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM: '' }).ssl).toEqual({
      verifyHost: false,
    });
  });

  it('take a token endpoint, also from a JAAS line', () => {
    const endpoint = { KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'https://idp/token' };
    const jaas = "OAuthBearerLoginModule required clientId='orders' clientSecret='s' scope=kafka;";
    expect(settings({ ...endpoint, KAFKA_SASL_MECHANISM: 'OAUTHBEARER', KAFKA_SASL_JAAS_CONFIG: jaas }).sasl).toEqual({
      mechanism: 'OAUTHBEARER',
      tokenEndpointUrl: 'https://idp/token',
      clientId: 'orders',
      clientSecret: 's',
      scope: 'kafka',
    });
  });

  it('take a region for MSK', () => {
    expect(settings({ KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM', KAFKA_SSL: 'true', AWS_REGION: 'eu-west-1' }).sasl).toEqual({
      mechanism: 'AWS_MSK_IAM',
      region: 'eu-west-1',
    });
  });

  it.each([
    [{ KAFKA_SASL_MECHANISM: 'PLAIN' }, 'KAFKA_SASL_USERNAME: PLAIN needs it'],
    [{ KAFKA_SASL_MECHANISM: 'PLAIN', KAFKA_SASL_USERNAME: 'u' }, 'KAFKA_SASL_PASSWORD: PLAIN needs it'],
    [{ KAFKA_SASL_USERNAME: 'u' }, 'KAFKA_SASL_MECHANISM: it is expected where there is something to log in with'],
    [
      { KAFKA_SECURITY_PROTOCOL: 'SASL_SSL' },
      'KAFKA_SASL_MECHANISM: it is expected where there is something to log in with',
    ],
    [{ KAFKA_SASL_MECHANISM: 'GSSAPI' }, expect.stringContaining('must be one of PLAIN, SCRAM-SHA-256')],
    [{ KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM' }, 'AWS_REGION: AWS_MSK_IAM needs it'],
    [{ KAFKA_SASL_MECHANISM: 'OAUTHBEARER' }, 'KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: OAUTHBEARER needs it'],
    [
      { KAFKA_SSL: 'false', KAFKA_SECURITY_PROTOCOL: 'SSL' },
      'KAFKA_SSL: the security protocol is SSL: they contradict each other',
    ],
    [{ KAFKA_SSL_CA: 'x' }, 'KAFKA_SSL: true is expected where certificates are given'],
    [{ KAFKA_SSL: 'true', KAFKA_SSL_CA: 'x' }, 'KAFKA_SSL_CA: a certificate as PEM is expected'],
    [{ KAFKA_SSL: 'true', KAFKA_SSL_KEY: 'x' }, 'KAFKA_SSL_CERT: the certificate of KAFKA_SSL_KEY is expected'],
    [{ KAFKA_TOPIC_PREFIX: 'a b' }, 'KAFKA_TOPIC_PREFIX: must be of letters, digits, . _ -, and not begin with __'],
    [
      { KAFKA_CONSUMER_GROUP_PREFIX: '__a' },
      'KAFKA_CONSUMER_GROUP_PREFIX: must be of letters, digits, . _ -, and not begin with __',
    ],
    [{ KAFKA_TOPIC_PREFIX: 'a'.repeat(101) }, 'KAFKA_TOPIC_PREFIX: must have at most 100 characters'],
    [{ KAFKA_BROKERS: 'b1' }, 'KAFKA_BROKERS: must be host:port, several separated by commas'],
  ])('say what is wrong with %j', (environment, fault) => {
    expect(faults(environment)).toEqual([fault]);
  });
});

test.each([
  ['a.b.C required username="u" password="p w=1; x";', { username: 'u', password: 'p w=1; x' }],
  [String.raw`C required username="u\"v" password='p';`, { username: 'u"v', password: 'p' }],
  ['C required  a = b ;', { a: 'b' }],
  ['software.amazon.msk.auth.iam.IAMLoginModule required;', {}],
])('JAAS: %s', (config, options) => {
  expect(jaasOptions(config)).toEqual(options);
});
