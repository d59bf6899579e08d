import { load } from 'js-yaml';
import { settingsIn, version } from './version';

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

/** Charts whose version is whichever is there that day, or with settings that no check has read. */
export function chartFaults(script: string): string[] {
  const calls = script.replaceAll('\\\n', ' ').match(/^ *chart [a-z].*$/gm) ?? [];
  return calls.flatMap((call) => {
    const [, release] = call.trim().split(' ');
    return [
      ...(/ --version "?\$?[\w.]+"?/.test(call) ? [] : [`chart ${release} has no version`]),
      ...(/ --set[ -]/.test(call) ? [`chart ${release} has values that are in no file`] : []),
    ];
  });
}

/** The version that the manifests give their images is package.json's. */
export function versionFaults(versionEnv: string): string[] {
  const is = settingsIn(versionEnv).get('VERSION');
  return is === version
    ? []
    : [`VERSION is ${is ?? 'not set'}, package.json has ${version} (npm version --ignore-scripts=false writes both)`];
}
