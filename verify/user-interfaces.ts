import { Values, variablesOf } from './environments';
import { type Manifests, nameOf, namespaceOf } from './manifests';
import { podOf } from './pods';

/** A page for people may show what is there: behind a password, or without a way to change it. */
const expected: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  'kafka-ui': {
    KAFKA_CLUSTERS_0_READONLY: /^true$/,
    KAFKA_CLUSTERS_0_PROPERTIES_SECURITY_PROTOCOL: /^SASL_PLAINTEXT$/,
    KAFKA_CLUSTERS_0_PROPERTIES_SASL_MECHANISM: /^SCRAM-SHA-512$/,
  },
  'mongo-express': {
    ME_CONFIG_BASICAUTH: /^true$/,
    ME_CONFIG_BASICAUTH_USERNAME: /./,
    ME_CONFIG_BASICAUTH_PASSWORD: /./,
    ME_CONFIG_MONGODB_URL: /^mongodb:\/\/root:\$\(ROOT_PASSWORD\)@/,
  },
};

export function userInterfaceFaults(manifests: Manifests): string[] {
  return manifests.of('Deployment').flatMap((manifest) => {
    const [container] = podOf(manifest).containers;
    const values = container ? variablesOf(container, new Values(manifests, manifests, namespaceOf(manifest))) : {};
    return Object.entries(expected[manifest.metadata.name] ?? {}).flatMap(([name, pattern]) =>
      pattern.test(values[name] ?? '') ? [] : [`${nameOf(manifest)}: ${name} is ${values[name] ?? 'not set'}`],
    );
  });
}
