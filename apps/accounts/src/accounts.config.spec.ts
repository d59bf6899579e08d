import { kafkaSettings } from '@storefront/messaging';
import { EnvironmentFaults, readEnvironment } from '@storefront/service';
import { AccountsEnvironment } from './accounts.config';

/** A pod of the original Spring Boot service on GKE: its ConfigMaps and Secrets, with Confluent Cloud and Atlas. */
const seedPod = {
  SPRING_PROFILES_ACTIVE: 'gke',
  'SERVER_SERVLET_CONTEXT-PATH': '/accounts',
  LOGGING_LEVEL_ROOT: 'INFO',
  SPRING_DATA_MONGODB_URI:
    'mongodb+srv://accounts:pass%2Fword@cluster0.abcde.gcp.mongodb.net/accounts?retryWrites=true',
  'SPRING_KAFKA_BOOTSTRAP-SERVERS': 'pkc-abcde.us-central1.gcp.confluent.cloud:9092',
  SPRING_KAFKA_PROPERTIES_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM: 'https',
  SPRING_KAFKA_PROPERTIES_SASL_MECHANISM: 'PLAIN',
  SPRING_KAFKA_PROPERTIES_REQUEST_TIMEOUT_MS: '20000',
  SPRING_KAFKA_PROPERTIES_RETRY_BACKOFF_MS: '500',
  SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG:
    'org.apache.kafka.common.security.plain.PlainLoginModule required username="API-KEY" password="API/SECRET+1==";',
  SPRING_KAFKA_PROPERTIES_SECURITY_PROTOCOL: 'SASL_SSL',
};

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    readEnvironment(AccountsEnvironment, environment);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentFaults) return error.faults;
    throw error;
  }
}

describe('the environment of an original pod', () => {
  it('is enough for ours', () => {
    const environment = readEnvironment(AccountsEnvironment, seedPod);
    expect(environment).toMatchObject({
      CONTEXT_PATH: '/accounts',
      LOG_LEVEL: 'info',
      MONGODB_URI: seedPod.SPRING_DATA_MONGODB_URI,
    });
    expect(kafkaSettings(environment)).toEqual({
      brokers: ['pkc-abcde.us-central1.gcp.confluent.cloud:9092'],
      ssl: true,
      topicPrefix: '',
      groupPrefix: '',
      sasl: { mechanism: 'PLAIN', username: 'API-KEY', password: 'API/SECRET+1==' },
      sessionTimeoutMs: 10_000,
      requestTimeoutMs: 20_000,
      retryBackoffMs: 500,
    });
  });

  it('names a setting that is wrong as it was given, without secrets', () => {
    const wrong = {
      ...seedPod,
      SPRING_KAFKA_PROPERTIES_SASL_MECHANISM: 'GSSAPI',
      SPRING_DATA_MONGODB_URI: 'x://u:SECRET@h',
    };
    const faults = faultsOf(wrong);
    expect(faults).toEqual([
      expect.stringMatching(/^SPRING_DATA_MONGODB_URI is set, but wrong: /),
      expect.stringMatching(/^SPRING_KAFKA_PROPERTIES_SASL_MECHANISM is 'GSSAPI': must be one of PLAIN, /),
    ]);
    expect(String(faults)).not.toContain('SECRET');
  });
});
