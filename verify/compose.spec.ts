import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { type Compose, composeFaults, withDefaults } from './compose';
import { kafkaFaults, scriptSetup } from './kafka-rights';

const file = (path: string) => readFileSync(join(__dirname, '..', path), 'utf8');
const prometheus = file('compose/prometheus/prometheus.yaml');
const yaml = file('compose.yaml');
const script = file('compose/kafka/setup.sh');

const faultsIn = (text: string) =>
  composeFaults(load(withDefaults(text), { schema: YAML11_SCHEMA }) as Compose, prometheus);

function broken(text: string, whole: string, changed: string): string {
  if (!text.includes(whole)) throw new Error(`nothing reads ${whole}`);
  return text.replace(whole, changed);
}

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
    ['an image without a version', 'apache/kafka:4.3.1', 'apache/kafka', 'image apache/kafka has no version'],
    ['an image by latest', 'mongo:8.0', 'mongo:latest', 'image mongo:latest has no version'],
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
