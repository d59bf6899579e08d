import { aPlace, type Breakage, broken, faultsIn } from './testing/a-place';
import { version } from './version';

const pod = 'serviceAccountName: accounts\n';
const container = `image: localhost/storefront/accounts:${version}\n`;

/** All of it valid to Kubernetes, Istio and Strimzi. */
const inPods: readonly Breakage[] = [
  ["the node's network", pod, `${pod}      hostNetwork: true\n`, 'hostNetwork, which nothing here has'],
  ["the node's files", 'emptyDir: { sizeLimit: 512Mi }', 'hostPath: { path: / }', 'hostPath, which nothing here has'],
  ["the node's port", 'containerPort: 8080 }', 'containerPort: 8080, hostPort: 8080 }', 'hostPort, which nothing'],
  [
    'a shell that is not there',
    'preStop: { sleep: { seconds: 5 } }',
    'preStop: { exec: { command: [sh] } }',
    'has exec',
  ],
  ['another program', container, `${container}          command: [node, other.js]\n`, 'containers.0.command'],
  ['a volume over the program', 'mountPath: /tmp', 'mountPath: /storefront', 'expected "/tmp"'],
  [
    'no confinement',
    'capabilities: { drop: [ALL] }',
    'capabilities: { drop: [ALL] }\n            seccompProfile: { type: Unconfined }',
    'has seccompProfile',
  ],
  [
    'a prefix before all names',
    '- configMapRef: { name: kafka }',
    '- { configMapRef: { name: kafka }, prefix: MY_ }',
    'has prefix',
  ],
  [
    'an end at the first pause',
    'periodSeconds: 10\n            timeoutSeconds: 5',
    'periodSeconds: 10\n            timeoutSeconds: 1',
    'timeoutSeconds: Too small',
  ],
  ['a start that has no time', 'failureThreshold: 60', 'failureThreshold: 3', 'a start may take a minute'],
  [
    'memory in bytes',
    "limits: { cpu: '1', memory: 384Mi }",
    "limits: { cpu: '1', memory: '384' }",
    'Mi or Gi are expected',
  ],
  ['all at once', 'maxUnavailable: 0, maxSurge: 1', 'maxUnavailable: 1, maxSurge: 0', 'expected 0'],
  [
    'a pod past the mesh',
    "prometheus.io/scrape: 'true'",
    "prometheus.io/scrape: 'true'\n        sidecar.istio.io/inject: 'false'",
    'sidecar.istio.io/inject, which nothing here has',
  ],
  [
    'a door past the edge',
    'selector: { app: accounts }\n  ports',
    'type: LoadBalancer\n  selector: { app: accounts }\n  ports',
    'has type',
  ],
  ['a budget of all', 'maxUnavailable: 1', 'maxUnavailable: 100%', 'spec.maxUnavailable'],
  [
    'a secret that may be missing',
    'secretName: accounts-mongodb }',
    'secretName: accounts-mongodb, optional: true }',
    'has optional, which nothing here has',
  ],
];

const inTheStores: readonly Breakage[] = [
  [
    'a right by prefix',
    'name: orders.order.fulfill }, operations: [Write',
    'name: orders.order.fulfill, patternType: prefix }, operations: [Write',
    "Kafka's user orders needs no right to Write topic orders.order.fulfill*",
  ],
  [
    'a right from one host',
    'operations: [Write, Describe] }',
    'operations: [Write, Describe], host: 10.0.0.1 }',
    'has host',
  ],
  [
    'users who may do all',
    'authorization: { type: simple }\n    config',
    'authorization: { type: simple, superUsers: [orders] }\n    config',
    'has superUsers',
  ],
  [
    'rights where there are none',
    'auto.create.topics.enable: false',
    'auto.create.topics.enable: false\n      allow.everyone.if.no.acl.found: true',
    'has allow.everyone.if.no.acl.found',
  ],
  ['brokers for all the world', 'type: internal', 'type: nodeport', 'expected "internal"'],
  ['another way to speak', 'tls: false\n', 'tls: true\n', 'no listener takes it as it comes'],
  ['nobody who makes users', 'userOperator: {}', '', 'userOperator'],
  ['what goes with the pod', 'type: jbod', 'type: ephemeral', 'expected "jbod"'],
  ['a topic that is called otherwise', 'partitions: 3\n', 'topicName: another\n  partitions: 3\n', 'has topicName'],
  [
    'a store without a password',
    '--keyFile, /key/replica-set, ',
    '',
    'it runs mongod --replSet rs0 --bind_ip_all, not',
  ],
  [
    'a store that forgets',
    'name: data, mountPath: /data/db',
    'name: data, mountPath: /data',
    'what it keeps is on no volume of its own',
  ],
  ['another replica set', 'replicaSet=rs0', 'replicaSet=rs1', 'it connects with ?replicaSet=rs1, not ?replicaSet=rs0'],
  [
    'a member by another name',
    "value: 'mongo-0.mongo",
    "value: 'mongo-1.mongo",
    'the replica set mongo-1.mongo.mongo.svc.cluster.local:27017',
  ],
  [
    "a user with another one's password",
    'name: mongo-passwords, key: orders',
    'name: mongo-passwords, key: accounts',
    'Job mongo/mongo-setup: not the password of orders',
  ],
  ['a job that stays', 'ttlSecondsAfterFinished: 120', '', 'ttlSecondsAfterFinished'],
];

const ofKeys: readonly Breakage[] = [
  ['a key that others may read', 'install -m 400', 'install -m 444', 'nobody makes its key file'],
  [
    'an administrator whom nobody knows',
    'MONGO_INITDB_ROOT_USERNAME, value: root',
    'MONGO_INITDB_ROOT_USERNAME, value: admin',
    'its administrator is admin',
  ],
  ['a probe that asks nothing', 'tcpSocket: { port: mongo }', '', 'one way to ask is expected'],
  ['a job that does something else', '- --file', '- --eval', 'Job mongo/mongo-setup: it runs mongosh'],
];

describe('what a place may not have, valid as it is, is told:', () => {
  it.each([...inPods, ...inTheStores, ...ofKeys])('%s', (_, whole, changed, fault) => {
    const faults = faultsIn(broken(aPlace('gateway-api'), whole, changed));
    expect(faults).toContainEqual(expect.stringContaining(fault));
  });
});

describe('what one service has otherwise than the others', () => {
  it.each([
    ['another value', 'periodSeconds: 10', 'periodSeconds: 20', 'livenessProbe.periodSeconds is 20, with others 10'],
    ['nothing where they have something', 'LOG_FORMAT: json, ', '', 'data.LOG_FORMAT is not there, with others json'],
    [
      'no budget',
      /kind: PodDisruptionBudget(?=(.*\n){3}.*name: accounts)/,
      'kind: PodDisruptionBudgets',
      'there is none of accounts',
    ],
  ])('is told: %s', (_, whole, changed, fault) => {
    const faults = faultsIn(broken(aPlace('gateway-api'), whole, changed));
    expect(faults).toContainEqual(expect.stringContaining(fault));
  });
});
