import { secretValue } from './environments';
import type { Manifests } from './manifests';
import { services } from './services';

/** On minikube the same password stands in two namespaces: with the server and with the service. */
export function passwordFaults(manifests: Manifests, namespace: string): string[] {
  const kafka = manifests.find('Secret', 'kafka', 'kafka-passwords');
  const mongo = manifests.find('Secret', 'mongo', 'mongo-passwords');
  if (!kafka || !mongo) return [];
  return services.flatMap((service) => {
    const given = (name: string, key: string) => {
      const secret = manifests
        .of('Secret')
        .find(({ metadata }) => metadata.namespace === namespace && metadata.name.startsWith(`${service}-${name}`));
      return secret && secretValue(secret, key);
    };
    const uri = URL.parse(given('mongodb', 'uri')?.replace(/^mongodb/, 'http') ?? '');
    return [
      ...(given('kafka', 'password') === secretValue(kafka, service) ? [] : [`${service}: not its password in Kafka`]),
      ...(uri?.password === secretValue(mongo, service) ? [] : [`${service}: not its password in MongoDB`]),
      ...(uri?.username === service && uri.pathname === `/${service}`
        ? []
        : [`${service}: another one's user or database`]),
    ];
  });
}
