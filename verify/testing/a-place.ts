import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Manifests } from '../manifests';
import { placeFaults } from '../place';
import { version } from '../version';

const root = join(__dirname, '../..');
const services = ['accounts', 'orders', 'fulfillment'];

/** A place made of the repository's own manifests, without kustomize: base, mesh, one style of edge, and what an overlay adds. */
export function aPlace(edge: 'gateway-api' | 'classic'): string {
  const folders = [
    'k8s/base/network',
    ...services.map((name) => `k8s/base/${name}`),
    'k8s/base/gateway',
    'k8s/base/toolbox',
    'istio/mesh',
    `istio/${edge}`,
  ];
  const own = [
    ...folders.flatMap(manifestsIn),
    'k8s/components/monitoring/pod-monitor.yaml',
    'istio/egress-confluent-atlas/services.yaml',
    'k8s/overlays/minikube/storefront/network-policy.yaml',
  ].map(file);
  const added = [...services.map(configMap), gateway, toolbox, kafka, management, ...services.map(store)];
  return [
    ...['storefront', 'kafka', 'mongo'].map(namespace),
    ...[...own.map(asPartOf), ...added].map(inNamespace('storefront')).map(letsIn(edge)),
    ...['topics', 'users', 'cluster', 'network-policy', 'ui', 'pod-monitor']
      .map((name) => file(`k8s/overlays/minikube/kafka/${name}.yaml`))
      .concat(kafkaPasswords, kafkaMetrics, closed)
      .map(inNamespace('kafka')),
    ...['mongo', 'setup', 'network-policy', 'ui', 'exporter']
      .map((name) => file(`k8s/overlays/minikube/mongo/${name}.yaml`))
      .concat(mongoPasswords, setup(), closed)
      .map(inNamespace('mongo')),
  ].join('\n---\n');
}

/** A file as the base's kustomization renders it: with the version in images and pods' labels. */
const file = (path: string) =>
  readFileSync(join(root, path), 'utf8')
    .replace(/(image: localhost\/storefront\/\w+)$/gm, `$1:${version}`)
    .replace(
      /^( {6}labels: \{ app: (?:accounts|orders|fulfillment|gateway|toolbox|reconcile)) \}$/gm,
      `$1, version: ${version} }`,
    );

function manifestsIn(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name !== 'kustomization.yaml')
    .map((name) => `${folder}/${name}`);
}

const inNamespace = (name: string) => (yaml: string) =>
  yaml.replace(/^metadata:$/gm, `metadata:\n  namespace: ${name}`);

/** As kustomize fills in who the edge is. */
const letsIn = (edge: 'gateway-api' | 'classic') => (yaml: string) => {
  const filled = yaml.replaceAll('/ns/NAMESPACE/', '/ns/storefront/');
  const shared = 'ns/istio-system/sa/istio-ingressgateway-service-account';
  return edge === 'classic' ? filled.replaceAll('ns/storefront/sa/storefront-istio', shared) : filled;
};
/** The label that k8s/base has kustomize add to every pod. */
const asPartOf = (yaml: string) =>
  yaml.replace(/^ {6}labels: \{ app: /gm, '      labels: { app.kubernetes.io/part-of: storefront, app: ');

const namespace = (name: string) => `apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { pod-security.kubernetes.io/enforce: restricted${name === 'storefront' ? ', istio-injection: enabled' : ''} } }`;

const configMap = (service: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${service}
data: { SERVER_PORT: '8080', LOG_FORMAT: json, SAMPLE_DATA: disabled, KAFKA_SASL_MECHANISM: SCRAM-SHA-512,
  KAFKA_SASL_USERNAME: ${service}, KAFKA_SASL_PASSWORD: ${service}-events }`;

const gateway = `apiVersion: v1
kind: ConfigMap
metadata:
  name: gateway
data: { SERVER_PORT: '8080', ACCOUNTS_URL: 'http://accounts:8080', ORDERS_URL: 'http://orders:8080',
  FULFILLMENT_URL: 'http://fulfillment:8080' }`;

const kafka = `apiVersion: v1
kind: ConfigMap
metadata:
  name: kafka
data: { KAFKA_BROKERS: 'storefront-kafka-bootstrap.kafka.svc.cluster.local:9092' }`;

const toolbox = gateway.replace('name: gateway', 'name: toolbox').replace("SERVER_PORT: '8080', ", '');

const management = `apiVersion: v1
kind: Secret
metadata:
  name: management
stringData: { password: storefront-management }`;

const closed = manifestsIn('k8s/base/network').map(file).join('\n---\n');

const store = (service: string) => `apiVersion: v1
kind: Secret
metadata:
  name: ${service}-mongodb
stringData: { uri: 'mongodb://${service}:${service}-store@mongo-0.mongo.mongo.svc.cluster.local:27017/${service}?replicaSet=rs0' }`;

const kafkaPasswords = `apiVersion: v1
kind: Secret
metadata:
  name: kafka-passwords
stringData: { accounts: accounts-events, orders: orders-events, fulfillment: fulfillment-events, toolbox: toolbox-events }`;

const kafkaMetrics = `apiVersion: v1
kind: ConfigMap
metadata:
  name: kafka-metrics
data: { jmx-exporter.yaml: 'rules: []' }`;

const mongoPasswords = `apiVersion: v1
kind: Secret
metadata:
  name: mongo-passwords
stringData: { root: root, accounts: accounts-store, orders: orders-store, fulfillment: fulfillment-store, replica-set-key: key, exporter: exporter, ui: ui }`;

const setup = () => `apiVersion: v1
kind: ConfigMap
metadata:
  name: mongo-setup
data: ${JSON.stringify(Object.fromEntries(['setup.js', 'exporter.js'].map((name) => [name, file(`k8s/overlays/minikube/mongo/${name}`)])))}`;

/** One place that reads so, what it is changed to, and what is said of that. */
export type Breakage = readonly [what: string, whole: string | RegExp, changed: string, fault: string];

/** All that is wrong with a place whose Secrets are all in it. */
export function faultsIn(yaml: string): string[] {
  return placeFaults(Manifests.parse(yaml), new Manifests([]));
}

/** Breaks the first place that reads so; a breakage that changes nothing would prove nothing. */
export function broken(yaml: string, whole: string | RegExp, changed: string): string {
  const result = yaml.replace(whole, changed);
  if (result === yaml) throw new Error(`nothing reads ${String(whole)}`);
  return result;
}
