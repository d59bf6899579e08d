import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { composeFaults } from './compose';
import { type Compose, withDefaults } from './compose-file';
import { kafkaFaults, scriptSetup } from './kafka-rights';
import { broken } from './testing/a-place';

const file = (path: string) => readFileSync(join(__dirname, '..', path), 'utf8');
const prometheus = file('compose/prometheus/prometheus.yaml');
const yaml = file('compose.yaml');
const script = file('compose/kafka/setup.sh');
const mongoDigest = digestOf('mongo:8.0');
const kafkaDigest = digestOf('apache/kafka:4.3.1');

const faultsIn = (text: string) =>
  composeFaults(load(withDefaults(text), { schema: YAML11_SCHEMA }) as Compose, prometheus);

describe('compose.yaml', () => {
  it('has no faults', () => {
    expect(faultsIn(yaml)).toEqual([]);
  });

  it.each([
    [
      'a variable that nobody reads',
      'KAFKA_BROKERS:',
      'KAFKA_BROKER:',
      'accounts does not know the variable KAFKA_BROKER',
    ],
    ['a value that is refused', 'SCRAM-SHA-512', 'SCRAM', 'KAFKA_SASL_MECHANISM'],
    [
      'more than a container needs',
      '/storefront/orders:local\n',
      '/storefront/orders:local\n    privileged: true\n',
      'compose, orders: it has privileged',
    ],
    ['a store without a password', '--keyFile, /key/replica-set, ', '', 'compose, mongo: command'],
    ['a store that forgets', "'mongo-data:/data/db', ", '', 'compose, mongo: volumes'],
    [
      'another replica set',
      'orders?replicaSet=rs0',
      'orders?replicaSet=rs1',
      'compose, orders: environment.MONGODB_URI',
    ],
    [
      'a variable that opens the broker',
      'CLUSTER_ID: ',
      "KAFKA_SUPER_USERS: 'User:ANONYMOUS'\n      CLUSTER_ID: ",
      'compose, kafka: environment has KAFKA_SUPER_USERS',
    ],
    [
      'a page without a password',
      "ME_CONFIG_BASICAUTH: 'true'",
      "ME_CONFIG_BASICAUTH: 'false'",
      'environment.ME_CONFIG_BASICAUTH',
    ],
    [
      'rules that Prometheus does not find',
      '/etc/prometheus/storefront.rules.yaml:ro',
      '/etc/prometheus/rules.yaml:ro',
      'compose, prometheus: volumes',
    ],
    [
      'one that does not wait',
      'depends_on: *after-setup\n\n  fulfillment',
      'depends_on: {}\n\n  fulfillment',
      'compose, orders: depends_on',
    ],
    [
      'one that is otherwise than the others',
      'KAFKA_SASL_USERNAME: orders',
      'SWEEP: x\n      KAFKA_SASL_USERNAME: orders',
      'environment.SWEEP is x, with others not there',
    ],
    [
      'a job of another version',
      `${mongoDigest}\n    mem_limit: 256m\n    entrypoint: [mongosh`,
      '\n    mem_limit: 256m\n    entrypoint: [mongosh',
      'mongo-setup: it is of another version than mongo',
    ],
    [
      'an upstream by a wrong name',
      'http://orders:8080',
      'http://order:8080',
      "the gateway's ORDERS_URL is http://order:8080",
    ],
    [
      'a password that only one knows',
      'KAFKA_SASL_PASSWORD: ${ORDERS_KAFKA',
      'KAFKA_SASL_PASSWORD: x${ORDERS_KAFKA',
      'not the password in Kafka',
    ],
    ["another one's user", 'MONGODB_USERNAME: orders', 'MONGODB_USERNAME: accounts', 'not the user in MongoDB'],
    [
      'an image without a version',
      `apache/kafka:4.3.1${kafkaDigest}`,
      'apache/kafka',
      'image apache/kafka has no version',
    ],
    ['an image by latest', `mongo:8.0${mongoDigest}`, 'mongo:latest', 'image mongo:latest has no version'],
    [
      'a container by a wrong name',
      'MONGODB_MEMBER: mongo:27017',
      'MONGODB_MEMBER: mongodb:27017',
      'there is no mongodb',
    ],
    ['a port where nobody listens', 'kafka:19092', 'kafka:19093', 'kafka does not listen at 19093'],
    [
      'a port of a container that leads nowhere',
      "'127.0.0.1:8085:8080'",
      "'127.0.0.1:8085:8085'",
      'does not listen at 8085',
    ],
    ['a volume that is not declared', 'mongo-data:/data/db', 'mongo-date:/data/db', 'mongo-date is no volume'],
    ['a file that is not there', './compose/kafka:/setup:ro', './compose/kafk:/setup:ro', './compose/kafk is no file'],
    ['a script that nobody mounted', '/setup/setup.js:ro', '/set/setup.js:ro', 'nothing is mounted at /setup/setup.js'],
    [
      'what a script reads',
      'MONGODB_MEMBER:',
      'MONGO_MEMBER:',
      '/setup/setup.js reads MONGODB_MEMBER, which is not set',
    ],
    ['an image that is fetched', 'pull_policy: build', 'pull_policy: missing', 'compose, orders: pull_policy'],
    ['memory without an end', '    mem_limit: 1g\n', '', 'compose, mongo: mem_limit'],
    ['an end that is cut off', 'stop_grace_period: 20s', 'stop_grace_period: 10s', 'of more than 14s'],
    ['capabilities', 'cap_drop: [ALL]', 'cap_drop: [NET_RAW]', 'all capabilities'],
    ['an image of another app', 'APP: orders', 'APP: accounts', 'compose, orders: accounts is built as orders'],
    [
      'an image that somebody else may have',
      '${IMAGE_REGISTRY:-localhost}/storefront/orders',
      'storefront/orders',
      'its image is storefront/orders:local',
    ],
    [
      'waiting for who never gets there',
      'kafka: { condition: service_healthy }',
      'kafka-setup: { condition: service_healthy }',
      'which has no health check',
    ],
    ['waiting for nobody', 'depends_on: [prometheus]', 'depends_on: [prometheuss]', 'waits for prometheuss'],
    [
      "another administrator's password",
      '@mongo:27017/?authSource',
      'x@mongo:27017/?authSource',
      "mongo-express: not the administrator's",
    ],
    ['a port that is open to others', "'127.0.0.1:8080:8080'", "'8080:8080'", '8080:8080 is open to others'],
  ])('%s is told', (_, whole, changed, fault) => {
    expect(faultsIn(broken(yaml, whole, changed))).toContainEqual(expect.stringContaining(fault));
  });

  it('an app that Prometheus does not ask is told', () => {
    const faults = composeFaults(
      load(withDefaults(yaml), { schema: YAML11_SCHEMA }) as Compose,
      prometheus.replace('orders:8080', 'order:8080'),
    );
    expect(faults).toEqual(['compose: Prometheus does not ask orders:8080']);
  });
});

describe('compose/kafka/setup.sh', () => {
  it('makes the users, rights and topics of the contracts', () => {
    expect(kafkaFaults(scriptSetup(script))).toEqual([]);
  });

  it.each([
    ['reads orders accounts.customer.change\n', '', "Kafka's user orders may not Read topic accounts.customer.change"],
    ['in_group fulfillment\n', '', "Kafka's user fulfillment may not Read group fulfillment"],
    [
      'publishes accounts accounts',
      'publishes accounts orders.order.fulfill\npublishes accounts accounts',
      'needs no right to Write',
    ],
    [
      'topic fulfillment.order.change 2592000000',
      'topic fulfillment.order.change -1',
      'retention.ms -1, not 2592000000',
    ],
    ['--partitions 3', '--partitions 1', 'has 1 partitions, not 3'],
    ['user orders "$ORDERS_KAFKA_PASSWORD"\n', '', 'Kafka has no user orders'],
  ])('tells when %j is %j', (whole, changed, fault) => {
    expect(kafkaFaults(scriptSetup(broken(script, whole, changed)))).toContainEqual(expect.stringContaining(fault));
  });
});

function digestOf(image: string): string {
  return new RegExp(`image: ${image}(@sha256:\\w+)`).exec(yaml)?.[1] ?? '';
}
