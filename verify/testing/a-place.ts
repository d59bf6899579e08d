import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const services = ['accounts', 'orders', 'fulfillment'];

/** A place made of the repository's own manifests, without kustomize: base, mesh, one style of edge, and what an overlay adds. */
export function aPlace(edge: 'gateway-api' | 'classic'): string {
  const folders = ['k8s/base/network', ...services.map((name) => `k8s/base/${name}`), 'istio/mesh', `istio/${edge}`];
  const files = [
    ...folders.flatMap(manifestsIn),
    ...['topics', 'users', 'cluster'].map((name) => `k8s/overlays/minikube/kafka/${name}.yaml`),
    ...['service-monitor'].map((name) => `k8s/components/monitoring/${name}.yaml`),
  ];
  const added = [namespace, ...services.map(configMap), kafka, ...services.map(store)];
  return [...files.map((file) => readFileSync(join(root, file), 'utf8')), ...added].map(inNamespace).join('\n---\n');
}

function manifestsIn(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name !== 'kustomization.yaml')
    .map((name) => `${folder}/${name}`);
}

function inNamespace(yaml: string): string {
  return yaml.replace(/^metadata:$/gm, 'metadata:\n  namespace: storefront');
}

const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: storefront }';

const configMap = (service: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${service}
data: { SERVER_PORT: '8080', LOG_FORMAT: json, SAMPLE_DATA: disabled }`;

const kafka = `apiVersion: v1
kind: ConfigMap
metadata:
  name: kafka
data: { KAFKA_BROKERS: 'kafka:9092' }`;

const store = (service: string) => `apiVersion: v1
kind: Secret
metadata:
  name: ${service}-mongodb
stringData: { uri: 'mongodb://mongo:27017/${service}' }`;
