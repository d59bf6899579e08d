import { z } from 'zod';

const text = z.string();
const always = z.literal('unless-stopped');
const list = (...entries: readonly string[]) =>
  z.array(text).refine((is) => is.join() === entries.join(), `${entries.join()} is expected`);
const after = (condition: string, ...names: readonly string[]) =>
  z.strictObject(Object.fromEntries(names.map((name) => [name, z.strictObject({ condition: z.literal(condition) })])));
const done = (...names: string[]) => after('service_completed_successfully', ...names);
const healthy = (...names: string[]) => after('service_healthy', ...names);
const variables = (...names: readonly string[]) =>
  z.strictObject(Object.fromEntries(names.map((name) => [name, z.union([z.string(), z.null()])])));

const common = ['LOG_FORMAT', 'LOG_LEVEL', 'MANAGEMENT_USERNAME', 'MANAGEMENT_PASSWORD', 'OTEL_EXPORTER_OTLP_ENDPOINT'];
const urls = ['ACCOUNTS_URL', 'ORDERS_URL', 'FULFILLMENT_URL'];
const kafkaPasswords = ['ACCOUNTS_KAFKA_PASSWORD', 'ORDERS_KAFKA_PASSWORD', 'FULFILLMENT_KAFKA_PASSWORD'];
const mongoPasswords = ['ACCOUNTS_MONGODB_PASSWORD', 'ORDERS_MONGODB_PASSWORD', 'FULFILLMENT_MONGODB_PASSWORD'];
const mongoKeys = ['MONGODB_URI', 'MONGODB_USERNAME', 'MONGODB_PASSWORD'];
const kafkaPrefixes = ['KAFKA_TOPIC_PREFIX', 'KAFKA_CONSUMER_GROUP_PREFIX'];
const kafkaLogin = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'];
const kafkaKeys = ['KAFKA_BROKERS', ...kafkaLogin, ...kafkaPrefixes];

const serviceVariables = variables(...common, 'SAMPLE_DATA', 'TRUSTED_PROXIES', ...mongoKeys, ...kafkaKeys).extend({
  // the gateway is in the same network, at an address of Docker's choice
  TRUSTED_PROXIES: z.literal('uniquelocal'),
  MONGODB_URI: text.endsWith('?replicaSet=rs0').startsWith('mongodb://mongo:27017/'),
  KAFKA_SASL_MECHANISM: z.literal('SCRAM-SHA-512'),
});

const commit = z.null();
/** A container without a limit could take all the memory of the laptop. */
const memory = z.string().regex(/^\d+[mg]$/);

/** What is ours: the image says what runs in it and how its health is asked. */
function app(ports: readonly string[], environment: z.ZodType, order: z.ZodType) {
  const args = z.strictObject({
    APP: text,
    BUILD_IMAGE: text.regex(/slim@/),
    RUN_IMAGE: text.regex(/nonroot@/),
    GIT_BRANCH: commit,
    GIT_COMMIT: commit,
    GIT_COMMIT_TIME: commit,
  });
  return z.strictObject({
    image: text,
    pull_policy: z.literal('build'),
    mem_limit: z.literal('384m'),
    build: z.strictObject({ context: z.literal('.'), args }),
    environment,
    ports: list(...ports),
    depends_on: order,
    restart: always,
    read_only: z.literal(true),
    tmpfs: list('/tmp'),
    cap_drop: list('ALL'),
    security_opt: list('no-new-privileges:true'),
    stop_grace_period: text,
  });
}

const afterSetup = done('mongo-setup', 'kafka-setup');
const health = (test: z.ZodType) => z.strictObject({ test, interval: text, timeout: text, retries: z.int().min(10) });
const profile = (name: string) => z.tuple([z.literal(name)]);

const stores = {
  'mongo-key': z.strictObject({
    image: text,
    mem_limit: memory,
    user: z.literal('root'),
    entrypoint: list('bash', '/setup/key.sh'),
    volumes: list('mongo-key:/key', './compose/mongo:/setup:ro'),
    network_mode: z.literal('none'),
  }),
  mongo: z.strictObject({
    image: text,
    mem_limit: memory,
    restart: always,
    // with the key file comes authentication
    command: list('mongod', '--replSet', 'rs0', '--keyFile', '/key/replica-set', '--bind_ip_all'),
    environment: variables('MONGO_INITDB_ROOT_USERNAME', 'MONGO_INITDB_ROOT_PASSWORD'),
    volumes: list('mongo-data:/data/db', 'mongo-key:/key:ro'),
    ports: list('127.0.0.1:27017:27017'),
    healthcheck: health(
      z.array(text).refine((test) => test.includes('mongodb://mongo:27017/?directConnection=true'), 'by its name'),
    ),
    depends_on: done('mongo-key'),
  }),
  'mongo-setup': z.strictObject({
    image: text,
    mem_limit: memory,
    entrypoint: list(
      'mongosh',
      '--quiet',
      'mongodb://mongo:27017/admin?directConnection=true',
      '--file',
      '/setup/setup.js',
    ),
    environment: variables('MONGODB_ROOT_PASSWORD', ...mongoPasswords).extend({
      MONGODB_MEMBER: z.literal('mongo:27017'),
    }),
    volumes: list('./k8s/overlays/minikube/mongo/setup.js:/setup/setup.js:ro'),
    depends_on: healthy('mongo'),
  }),
  kafka: z.strictObject({
    image: text,
    mem_limit: memory,
    restart: always,
    // what opens doors is in its own file
    environment: variables(
      'CLUSTER_ID',
      'KAFKA_HEAP_OPTS',
      'KAFKA_LISTENER_NAME_INTERNAL_PLAIN_SASL_JAAS_CONFIG',
      'KAFKA_LISTENER_NAME_CONTROLLER_PLAIN_SASL_JAAS_CONFIG',
    ),
    volumes: list('kafka-data:/var/lib/kafka/data', './compose/kafka:/mnt/shared/config:ro'),
    ports: list('127.0.0.1:9094:9094'),
    healthcheck: health(z.array(text)),
    stop_grace_period: text,
  }),
  'kafka-setup': z.strictObject({
    image: text,
    mem_limit: memory,
    entrypoint: list('bash', '/setup/setup.sh'),
    environment: variables('KAFKA_ADMIN_PASSWORD', ...kafkaPasswords, ...kafkaPrefixes),
    volumes: list('./compose/kafka:/setup:ro'),
    depends_on: healthy('kafka'),
  }),
};

const monitoring = {
  prometheus: z.strictObject({
    profiles: profile('monitoring'),
    image: text,
    mem_limit: memory,
    restart: always,
    command: list('--config.file=/etc/prometheus/prometheus.yaml', '--storage.tsdb.path=/prometheus'),
    volumes: list(
      './compose/prometheus/prometheus.yaml:/etc/prometheus/prometheus.yaml:ro',
      './monitoring/prometheus/storefront.rules.yaml:/etc/prometheus/storefront.rules.yaml:ro',
      'prometheus-data:/prometheus',
    ),
    ports: list('127.0.0.1:9090:9090'),
  }),
  grafana: z.strictObject({
    profiles: profile('monitoring'),
    image: text,
    mem_limit: memory,
    restart: always,
    environment: variables('GF_SECURITY_ADMIN_PASSWORD', 'GF_ANALYTICS_REPORTING_ENABLED'),
    volumes: list(
      './compose/grafana/datasources.yaml:/etc/grafana/provisioning/datasources/storefront.yaml:ro',
      './compose/grafana/dashboards.yaml:/etc/grafana/provisioning/dashboards/storefront.yaml:ro',
      './monitoring/grafana/dashboards:/var/lib/grafana/dashboards:ro',
      'grafana-data:/var/lib/grafana',
    ),
    ports: list('127.0.0.1:3000:3000'),
    depends_on: list('prometheus'),
  }),
  traces: z.strictObject({
    profiles: profile('monitoring'),
    image: text,
    mem_limit: memory,
    restart: always,
    command: list('--set=extensions.jaeger_storage.backends.some_storage.memory.max_traces=20000'),
    ports: list('127.0.0.1:16686:16686', '127.0.0.1:4318:4318'),
  }),
};

const kafkaUi = 'KAFKA_CLUSTERS_0_';
const interfaces = {
  'kafka-ui': z.strictObject({
    profiles: profile('ui'),
    image: text,
    mem_limit: memory,
    restart: always,
    environment: variables(`${kafkaUi}NAME`, `${kafkaUi}PROPERTIES_SASL_JAAS_CONFIG`).extend({
      [`${kafkaUi}BOOTSTRAPSERVERS`]: z.literal('kafka:19092'),
      [`${kafkaUi}PROPERTIES_SECURITY_PROTOCOL`]: z.literal('SASL_PLAINTEXT'),
      [`${kafkaUi}PROPERTIES_SASL_MECHANISM`]: z.literal('PLAIN'),
    }),
    ports: list('127.0.0.1:8081:8080'),
    depends_on: healthy('kafka'),
  }),
  'mongo-express': z.strictObject({
    profiles: profile('ui'),
    image: text,
    mem_limit: memory,
    restart: always,
    environment: variables(
      'ME_CONFIG_MONGODB_URL',
      'ME_CONFIG_BASICAUTH_USERNAME',
      'ME_CONFIG_BASICAUTH_PASSWORD',
    ).extend({ ME_CONFIG_BASICAUTH: z.literal('true') }),
    ports: list('127.0.0.1:8082:8081'),
    depends_on: done('mongo-setup'),
  }),
};

/** What a container of compose.yaml may have at all; who needs more adds it here. */
export const containers: Readonly<Record<string, z.ZodType>> = {
  accounts: app(
    ['127.0.0.1:8085:8080'],
    serviceVariables.extend({ CARD_NUMBERS_KEY: z.union([text, z.null()]) }),
    afterSetup,
  ),
  orders: app(['127.0.0.1:8090:8080'], serviceVariables, afterSetup),
  fulfillment: app(['127.0.0.1:8095:8080'], serviceVariables, afterSetup),
  gateway: app(
    ['127.0.0.1:8080:8080', '127.0.0.1:8079:8079'],
    variables(...common, ...urls, 'MANAGEMENT_SERVER_PORT').extend({ MANAGEMENT_SERVER_PORT: text.regex(/^8079$/) }),
    healthy('accounts', 'orders', 'fulfillment'),
  ),
  ...stores,
  ...monitoring,
  ...interfaces,
};
