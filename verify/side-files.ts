import { load } from 'js-yaml';
import { version } from './version';

/** Of compose/kafka/server.properties, what keeps the door. */
const kept = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:admin',
  'allow.everyone.if.no.acl.found': 'false',
  'auto.create.topics.enable': 'false',
  'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
  'inter.broker.listener.name': 'INTERNAL',
  'listener.name.internal.sasl.enabled.mechanisms': 'PLAIN',
  'listener.name.controller.sasl.enabled.mechanisms': 'PLAIN',
  'log.dirs': '/var/lib/kafka/data',
} as const;

/** A broker of Compose asks everybody who they are, and looks at what they may do. */
export function brokerFaults(properties: string): string[] {
  const lines = properties.split('\n').filter((line) => /^[^#]+=/.test(line));
  const is = new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  const open = (is.get('listener.security.protocol.map') ?? '')
    .split(',')
    .filter((each) => !/^\w+:SASL_PLAINTEXT$/.test(each));
  return [
    ...Object.entries(kept).flatMap(([name, value]) =>
      is.get(name) === value ? [] : [`${name} is ${is.get(name) ?? 'not set'}, not ${value}`],
    ),
    ...open.map((each) => `a listener asks nobody who it is: ${each}`),
  ];
}

/** Istio's chart runs the classic edge as the one whom istio/classic lets in. */
export function gatewayValuesFaults(yaml: string): string[] {
  const { serviceAccount } = load(yaml) as { readonly serviceAccount?: { readonly name?: string } };
  const account = serviceAccount?.name;
  return account === 'istio-ingressgateway-service-account' ? [] : [`it runs as ${account ?? 'nobody in particular'}`];
}

/** The images that a script builds are those that the manifests name. */
export function builtFaults(script: string): string[] {
  const tags = [...script.matchAll(/storefront\/\$app:([\w.-]+)/g)].map(([, tag = '']) => tag);
  return tags.length > 0 && tags.every((tag) => tag === version) ? [] : [`it brings ${tags.join()}, not ${version}`];
}
