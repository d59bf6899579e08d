import { secretValue, Values, variablesOf } from './environments';
import { type Manifests, nameOf, namespaceOf, specOf } from './manifests';
import type { PodSpec } from './pods';
import { services } from './services';

/** Whom a service logs in as; where the servers are ours (minikube), also that it has the password that they were given. */
export function loginFaults(manifests: Manifests, shapes: Manifests): string[] {
  const kafka = manifests.find('Secret', 'kafka', 'kafka-passwords');
  const mongo = manifests.find('Secret', 'mongo', 'mongo-passwords');
  return manifests.of('Deployment').flatMap((manifest) => {
    const service = services.find((name) => name === manifest.metadata.name);
    const [container] = specOf<{ template: { spec: PodSpec } }>(manifest).template.spec.containers;
    if (!service || !container) return [];
    const values = variablesOf(container, new Values(manifests, shapes, namespaceOf(manifest)));
    const { KAFKA_SASL_USERNAME: user = service, KAFKA_SASL_PASSWORD: password, MONGODB_URI: uri = '' } = values;
    return [
      ...(user === service ? [] : [`logs in to Kafka as ${user}`]),
      ...(!kafka || password === secretValue(kafka, service) ? [] : ['not its password in Kafka']),
      ...(mongo ? storeFaults(service, uri, secretValue(mongo, service)) : []),
    ].map((fault) => `${nameOf(manifest)}: ${fault}`);
  });
}

function storeFaults(service: string, text: string, password: string | undefined): string[] {
  const uri = URL.parse(text.replace(/^mongodb/, 'http'));
  const isItsOwn = uri?.username === service && uri.pathname === `/${service}`;
  return [
    ...(uri?.password === password ? [] : ['not its password in MongoDB']),
    ...(isItsOwn ? [] : ["another one's user or database"]),
  ];
}
