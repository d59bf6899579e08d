import { aPlace, type Breakage, broken, faultsIn } from './testing/a-place';
import { version } from './version';

const inPods: readonly Breakage[] = [
  [
    'a selector of other pods',
    'selector:\n    matchLabels: { app: accounts }\n  strategy',
    'selector:\n    matchLabels: { app: account }\n  strategy',
    'its selector does not mean its own pods',
  ],
  [
    'a spread of other pods',
    'labelSelector: { matchLabels: { app: accounts } }',
    'labelSelector: { matchLabels: { app: account } }',
    'spreads the pods of others',
  ],
  [
    'an image of another service',
    `storefront/accounts:${version}`,
    `storefront/orders:${version}`,
    'its image is storefront/orders, not storefront/accounts',
  ],
  [
    'an image of another version',
    `storefront/accounts:${version}`,
    'storefront/accounts:0.9.0',
    "its image's version is 0.9.0",
  ],
  [
    'commands of another image',
    `localhost/storefront/commands:${version}`,
    `localhost/storefront/gateway:${version}`,
    `its image is localhost/storefront/gateway:${version}, not <registry>/storefront/commands:${version}`,
  ],
  [
    'an image of no registry',
    `localhost/storefront/gateway:${version}`,
    `storefront/gateway:${version}`,
    `its image is storefront/gateway:${version}, not <registry>/storefront/gateway:${version}`,
  ],
  [
    'a job that its proxy outlives',
    "annotations:\n            # the proxy ends with the job\n            sidecar.istio.io/nativeSidecar: 'true'\n",
    'annotations: {}\n',
    "its pods have no sidecar.istio.io/nativeSidecar: 'true'",
  ],
  ['a port where nobody listens', 'containerPort: 8080', 'containerPort: 8081', 'its port is 8081, not 8080'],
  ['metrics at another port', "prometheus.io/port: '8080'", "prometheus.io/port: '8081'", 'prometheus.io/port is 8081'],
  [
    'metrics at another path',
    'prometheus.io/path: /actuator/prometheus',
    'prometheus.io/path: /metrics',
    'prometheus.io/path is /metrics',
  ],
  [
    'more asked for than allowed',
    'requests: { cpu: 100m, memory: 192Mi }',
    'requests: { cpu: 100m, memory: 1Gi }',
    'memory 1Gi is asked for, at most 384Mi',
  ],
  [
    'a volume that nobody mounts',
    '- { name: tmp, emptyDir: { sizeLimit: 512Mi } }',
    '- { name: tmp, emptyDir: {} }\n        - { name: temp, emptyDir: {} }',
    'nobody mounts the volume temp',
  ],
  [
    'an optional Secret by a wrong name',
    'name: card-numbers, key: keys',
    'name: card-number, key: keys',
    'without the Secret card-number it would start, and lack keys',
  ],
  [
    'a namespace without Pod Security',
    'enforce: restricted',
    'enforce: baseline',
    'Pod Security restricted is expected',
  ],
  [
    'a namespace outside the mesh',
    'istio-injection: enabled',
    'istio-injection: disabled',
    'istio-injection: enabled is expected',
  ],
  ['a StatefulSet without its Service', 'serviceName: mongo', 'serviceName: mongod', 'no headless Service mongod'],
  ['a Service that has an address of its own', 'clusterIP: None\n', '', 'no headless Service mongo names its pods'],
  [
    'what a script reads',
    'name: MONGODB_MEMBER',
    'name: MONGO_MEMBER',
    '/setup/setup.js reads MONGODB_MEMBER, which is not set',
  ],
  [
    'a script that is not mounted',
    '{ name: setup, mountPath: /setup }',
    '{ name: setup, mountPath: /set }',
    'nothing is mounted at /setup/setup.js',
  ],
];

const inKafka: readonly Breakage[] = [
  ['a cluster by a wrong name', 'strimzi.io/cluster: storefront', 'strimzi.io/cluster: store', 'no Kafka store'],
  [
    'a password by a wrong key',
    'name: kafka-passwords, key: orders',
    'name: kafka-passwords, key: order',
    'no Secret kafka-passwords with a key order',
  ],
  [
    'a user who logs in otherwise',
    'type: scram-sha-512\n    password',
    'type: tls\n    password',
    'no listener takes tls',
  ],
  ['rights that nobody looks at', 'authorization: { type: simple }\n    config', 'config', 'nothing is authorized'],
  [
    'a listener for all',
    'authentication: { type: scram-sha-512 }\n    authorization',
    'configuration: {}\n    authorization',
    'lets in whoever comes',
  ],
  [
    'more replicas than brokers',
    'replicas: 1\n  config: { cleanup',
    'replicas: 3\n  config: { cleanup',
    'has 3 replicas, with 1 brokers',
  ],
  [
    "another one's name",
    'KAFKA_SASL_USERNAME: orders',
    'KAFKA_SASL_USERNAME: accounts',
    'logs in to Kafka as accounts',
  ],
  [
    "another one's password",
    'KAFKA_SASL_PASSWORD: orders-events',
    'KAFKA_SASL_PASSWORD: orders',
    'not its password in Kafka',
  ],
  ['more consumers than partitions', 'maxReplicas: 3', 'maxReplicas: 5', 'at most 5 consumers, with 3 partitions'],
  ['a budget that no drain can keep', 'maxUnavailable: 1', 'minAvailable: 1', 'a drain needs maxUnavailable'],
];

describe('what a place names wrong is told:', () => {
  it.each([...inPods, ...inKafka])('%s', (_, whole, changed, fault) => {
    const faults = faultsIn(broken(aPlace('gateway-api'), whole, changed));
    expect(faults).toContainEqual(expect.stringContaining(fault));
  });
});
