import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaSettings } from '@storefront/messaging';
import { readEnvironment } from '@storefront/service';
import { load } from 'js-yaml';
import { AccountsEnvironment } from '../apps/accounts/src/accounts.config';
import { FulfillmentEnvironment } from '../apps/fulfillment/src/fulfillment.config';
import { OrdersEnvironment } from '../apps/orders/src/orders.config';
import { appFaults, Values, variablesOf } from './environments';
import { Manifests } from './manifests';
import type { Variable, Volume } from './pods';
import { type Service, services } from './services';

/** What the original deployment on GKE has in its namespaces, by the keys that it has there. */
const original = Manifests.parse(`
apiVersion: v1
kind: Secret
metadata: { name: mongodb-atlas, namespace: dev }
stringData:
  mongodb.uri.accounts: mongodb+srv://demo:p%40ss@cluster0.abcde.gcp.mongodb.net/accounts?retryWrites=true
  mongodb.uri.fulfillment: mongodb+srv://demo:p%40ss@cluster0.abcde.gcp.mongodb.net/fulfillment?retryWrites=true
  mongodb.uri.orders: mongodb+srv://demo:p%40ss@cluster0.abcde.gcp.mongodb.net/orders?retryWrites=true
---
apiVersion: v1
kind: Secret
metadata: { name: confluent-cloud-kafka, namespace: dev }
data:
  bootstrap.servers: ${encoded('pkc-abcde.us-central1.gcp.confluent.cloud:9092')}
  sasl.jaas.config: ${encoded('org.apache.kafka.common.security.plain.PlainLoginModule required username="KEY" password="SEC/RET==";')}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: confluent-cloud-kafka, namespace: dev }
data:
  ssl.endpoint.identification.algorithm: https
  sasl.mechanism: PLAIN
  request.timeout.ms: '20000'
  retry.backoff.ms: '500'
  security.protocol: SASL_SSL
`);

const schemas = { accounts: AccountsEnvironment, orders: OrdersEnvironment, fulfillment: FulfillmentEnvironment };

function encoded(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The variables that the component gives a pod of ours, with the original's values. */
function environmentOf(service: Service): Record<string, string> {
  const file = join(__dirname, '..', `k8s/components/confluent-atlas/${service}.yaml`);
  const patches = load(readFileSync(file, 'utf8')) as { path: string; value: unknown }[];
  const valuesAt = <T>(end: RegExp) =>
    patches.flatMap(({ path, value }) => (end.test(path) ? [value].flat() : [])) as T[];
  const env = valuesAt<Variable>(/\/env$/);
  const own = ['management', 'mongodb'].map((name) => ({ name, mountPath: `/secrets/${name}` }));
  const volumeMounts = [...own, ...valuesAt<(typeof own)[number]>(/\/volumeMounts\//)];
  const volumes = [{ name: 'management', secret: { secretName: 'management' } }, ...valuesAt<Volume>(/\/volumes\//)];
  const container = { name: service, image: service, env, volumeMounts };
  return variablesOf(container, new Values(original, new Manifests([]), 'dev'), volumes);
}

describe("the original's Secrets and ConfigMaps", () => {
  it.each(services)('are all that a pod of %s needs', (service) => {
    const environment = environmentOf(service);
    expect(appFaults(service, environment)).toEqual([]);
    const settings = readEnvironment(schemas[service], environment);
    expect(settings.MONGODB_URI).toBe(
      `mongodb+srv://demo:p%40ss@cluster0.abcde.gcp.mongodb.net/${service}?retryWrites=true`,
    );
    expect(kafkaSettings(settings)).toMatchObject({
      brokers: ['pkc-abcde.us-central1.gcp.confluent.cloud:9092'],
      ssl: true,
      sasl: { mechanism: 'PLAIN', username: 'KEY', password: 'SEC/RET==' },
      requestTimeoutMs: 20_000,
      retryBackoffMs: 500,
    });
  });

  it('have the keys that the overlays are checked against', () => {
    const files = ['secrets.example.yaml', 'confluent-cloud-kafka.yaml'].map((name) =>
      readFileSync(join(__dirname, '..', 'k8s/components/confluent-atlas', name), 'utf8'),
    );
    const { 'Secret management': added, ...shapes } = keysIn(Manifests.parse(files.join('\n---\n')));
    expect(shapes).toEqual(keysIn(original));
    // the original's services had none: deploy.sh makes it
    expect(added).toEqual(['password']);
  });
});

function keysIn(manifests: Manifests): Record<string, string[]> {
  const entries = manifests.all.map(({ kind, metadata, data = {}, stringData = {} }): [string, string[]] => [
    `${kind} ${metadata.name}`,
    [...Object.keys(data), ...Object.keys(stringData)].toSorted(),
  ]);
  return Object.fromEntries(entries);
}
