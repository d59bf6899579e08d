import { aPlace, broken, faultsIn } from './testing/a-place';
import { version } from './version';

describe.each(['gateway-api', 'classic'] as const)('a place with the edge by %s', (edge) => {
  it('has no faults', () => {
    expect(faultsIn(aPlace(edge))).toEqual([]);
  });
});

const deployment = 'Deployment storefront/accounts';

describe('what is wrong in a place is told:', () => {
  it.each([
    [
      'an image without a version',
      `storefront/accounts:${version}`,
      'storefront/accounts',
      `${deployment}: container accounts: image`,
    ],
    ['an image by latest', `storefront/accounts:${version}`, 'storefront/accounts:latest', 'has no version'],
    ['root', 'runAsUser: 65532', 'runAsUser: 0', 'runs as root'],
    ['a pod that may be root', 'runAsNonRoot: true', 'runAsNonRoot: false', 'runAsNonRoot is expected'],
    ['a writable root', 'readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: false', 'a read-only root'],
    ['more rights than the parent', 'allowPrivilegeEscalation: false', 'allowPrivilegeEscalation: true', 'Escalation'],
    ['capabilities', 'drop: [ALL]', 'drop: [NET_RAW]', 'all capabilities'],
    ['no limits', /limits: .*/, '', 'limits of cpu and memory'],
    ['no requests', /requests: .*/, '', 'requests of cpu and memory'],
    ['no readiness probe', 'readinessProbe:', 'startupProbe2:', 'a readiness probe is expected'],
    ['a probe of something else', '/actuator/health/readiness', '/actuator/health', 'readiness is asked at'],
    ['a probe at another port', 'liveness, port: http', 'liveness, port: web', 'a probe asks at port web'],
    [
      'an end that is cut off',
      'terminationGracePeriodSeconds: 30',
      'terminationGracePeriodSeconds: 15',
      'more than 19 s',
    ],
    ['no pause before the end', 'preStop: { sleep: { seconds: 5 } }', 'postStart: {}', 'a preStop pause'],
    ['a token of the API server', 'automountServiceAccountToken: false\n      #', '#', 'automountServiceAccountToken'],
    ['variables of Services', 'enableServiceLinks: false', 'enableServiceLinks: true', 'variables of Services'],
    [
      'a namespace that is not there',
      'metadata: { name: storefront,',
      'metadata: { name: store,',
      "namespace 'storefront'",
    ],

    [
      'a ConfigMap by a wrong name',
      'configMapRef: { name: kafka }',
      'configMapRef: { name: kafk }',
      'no ConfigMap kafk',
    ],
    [
      'a Secret by a wrong name',
      'secretName: accounts-mongodb }',
      'secretName: accounts-mongo }',
      'no Secret accounts-mongo',
    ],
    ['a key by a wrong name', '/secrets/mongodb/uri', '/secrets/mongodb/url', 'has no key url; it has uri'],
    ['a file that nobody mounts', '/secrets/management/password', '/secret/password', 'no Secret is mounted at'],
    [
      'an account by a wrong name',
      'serviceAccountName: accounts',
      'serviceAccountName: account',
      'no ServiceAccount account',
    ],
    ['a mount without a volume', 'name: tmp, mountPath', 'name: temp, mountPath', 'mounts temp, which is no volume'],

    [
      'a Service that selects nothing',
      'selector: { app: accounts }',
      'selector: { app: account }',
      'it selects no pod',
    ],
    ['a Service to a wrong port', 'targetPort: http', 'targetPort: web', 'leads to web, which no container has'],
    ['a Service without a protocol', ', appProtocol: http', '', 'does not say its protocol'],
    ['a scaler of nothing', 'Deployment, name: accounts', 'Deployment, name: account', 'no Deployment account'],
    ['a scaler upside down', 'maxReplicas: 4', 'maxReplicas: 1', 'at least 2, at most 1'],
    [
      'a policy for nobody',
      /podSelector:\n.*app: accounts/,
      'podSelector:\n    matchLabels: { app: account',
      'selects no pod',
    ],
    [
      'a route to nobody',
      'backendRefs: &service [{ name: accounts',
      'backendRefs: &service [{ name: account',
      'no Service account',
    ],
    ['a route to a wrong port', '{ name: accounts, port: 8080 }', '{ name: accounts, port: 8081 }', 'has no port 8081'],
    ['a route of no gateway', 'parentRefs: [{ name: storefront }]', 'parentRefs: [{ name: edge }]', 'no Gateway edge'],
    [
      'a route by another prefix',
      'PathPrefix, value: /orders }',
      'PathPrefix, value: /order }',
      'the gateway app /orders',
    ],
    [
      'a prefix that is told wrong',
      'X-Forwarded-Prefix, value: /orders',
      'X-Forwarded-Prefix, value: /order',
      'told the prefix',
    ],
    ['a prefix that stays', 'replacePrefixMatch: /', 'replacePrefixMatch: /v1', 'instead of /customers'],
    [
      'rules of metrics that are not there',
      'key: jmx-exporter.yaml',
      'key: jmx.yaml',
      'no ConfigMap kafka-metrics with a key',
    ],
    [
      'an exporter at another port',
      'port: metrics\n      path',
      'port: web\n      path',
      'no container has a port web',
    ],
    ['a monitor of a wrong port', '- port: http\n      path', '- port: web\n      path', 'no container has a port web'],
    [
      'a monitor of nobody',
      'part-of: storefront }\n  jobLabel',
      'part-of: shop }\n  jobLabel',
      'it does not watch accounts',
    ],

    [
      'a variable that nobody reads',
      "SERVER_PORT: '8080'",
      "SERVER_PROT: '8080'",
      'does not know the variable SERVER_PROT',
    ],
    ['a value that is refused', 'SAMPLE_DATA: disabled', "SAMPLE_DATA: 'off'", 'enabled or disabled is expected'],
    ['a setting that is missing', 'KAFKA_BROKERS:', 'OTEL_NOTHING:', 'KAFKA_BROKERS is not set'],

    [
      'a topic by a wrong name',
      'name: orders.order.fulfill\n',
      'name: orders.order.fulfil\n',
      'no topic orders.order.fulfill',
    ],
    ['a topic with other partitions', 'partitions: 3', 'partitions: 6', 'has 6 partitions, not 3'],
    ['a topic that forgets', "retention.ms: '-1'", "retention.ms: '1000'", 'retention.ms 1000, not -1'],
    [
      'a user who is missing',
      'kind: KafkaUser\nmetadata:\n  namespace: kafka\n  name: accounts',
      'kind: KafkaUser\nmetadata:\n  namespace: kafka\n  name: account',
      'no user accounts',
    ],
    ['a right that is missing', 'operations: [Write, Describe]', 'operations: [Describe]', 'may not Write topic'],
    [
      'a right too many',
      'operations: [Write, Describe]',
      'operations: [Write, Describe, Create]',
      'no right to Create',
    ],
  ])('%s', (_, whole, changed, fault) => {
    const faults = faultsIn(broken(aPlace('gateway-api'), whole, changed));
    expect(faults).toContainEqual(expect.stringContaining(fault));
  });

  it.each([
    [
      'the // of a prefix rewritten to /',
      'prefix: /orders/ }, method',
      'prefix: /orders }, method',
      'sends //customers to orders',
    ],
    [
      'a subset, which the next version moves',
      'host: accounts, port',
      'host: accounts, subset: v1, port',
      'has subset',
    ],
    ['a route of no gateway', 'gateways: [storefront]', 'gateways: [edge]', 'no Gateway edge'],
  ])('%s, by the classic edge', (_, whole, changed, fault) => {
    const faults = faultsIn(broken(aPlace('classic'), whole, changed));
    expect(faults).toContainEqual(expect.stringContaining(fault));
  });
});
