import { aPlace, type Breakage, broken, faultsIn } from './testing/a-place';

const onTheWay: readonly Breakage[] = [
  [
    'a server by a wrong name',
    'mongo-0.mongo.mongo.svc.cluster.local:27017/orders',
    'mongo-0.mongo.mong.svc.cluster.local:27017/orders',
    'Deployment storefront/orders: mongo-0.mongo.mong.svc.cluster.local is no Service',
  ],
  ['a server at another port', 'svc.cluster.local:27017/orders', 'svc.cluster.local:27018/orders', 'has no port 27018'],
  ['a broker by a wrong name', 'storefront-kafka-bootstrap.kafka', 'store-kafka-bootstrap.kafka', 'is no Service'],
  [
    'a way out that is closed',
    'ports: [{ port: 9092 }]',
    'ports: [{ port: 9093 }]',
    'no NetworkPolicy lets it out to storefront-kafka-bootstrap.kafka.svc.cluster.local:9092',
  ],
  [
    'the world instead of what is needed',
    'ipBlock: { cidr: 169.254.20.10/32 }',
    'ipBlock: { cidr: 0.0.0.0/0 }',
    'NetworkPolicy storefront/allow-names: spec.egress.0.to.1',
  ],
  [
    'a way out to anywhere',
    '- to:\n        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: istio-system } }\n      ports',
    '- ports',
    'NetworkPolicy storefront/allow-mesh: spec.egress.0.to',
  ],
  [
    'names that are answered on the node',
    '        - ipBlock: { cidr: 169.254.20.10/32 }\n',
    '',
    'lets it out to the cache of names on the node',
  ],
  [
    'names that EKS answers on the node',
    'cidr: 172.20.0.10/32',
    'cidr: 172.20.0.11/32',
    'no NetworkPolicy lets it out to 172.20.0.10 at 53',
  ],
  [
    'a database that is open to the job',
    'values: [accounts, orders, fulfillment, toolbox] }]\n        - podSelector',
    'values: [accounts, orders, fulfillment, toolbox, reconcile] }]\n        - podSelector',
    'StatefulSet mongo/mongo: reconcile is let in at 27017, and has no business there',
  ],
  [
    'brokers that anybody in their namespace may call',
    '- podSelector: { matchLabels: { app: kafka-ui } }',
    '- podSelector: {}',
    'is let in at 9092, and has no business there',
  ],
  [
    'operators that cannot reach the brokers',
    '      ports: [{ port: 8443 }]',
    '      ports: [{ port: 8444 }]',
    'storefront-kafka: no NetworkPolicy lets strimzi-cluster-operator in at 8443',
  ],
  [
    'a namespace of stores that is open',
    'namespace: mongo\n  name: default-deny',
    'namespace: kafka\n  name: default-deny',
    'StatefulSet mongo/mongo: no NetworkPolicy closes what nobody opens',
  ],
  ['names that cannot be asked for', ', { port: 53, protocol: TCP }', '', 'lets it out to kube-system at 53/TCP'],
  [
    'a mesh that cannot be reached',
    'ports: [{ port: 15012 }]',
    'ports: [{ port: 15010 }]',
    'lets it out to istio-system at 15012/TCP',
  ],
  [
    'a way in that is closed',
    '      ports: [{ port: 8080 }]\n    # Prometheus',
    '      ports: [{ port: 15020 }]\n    # Prometheus',
    'Deployment storefront/accounts: no NetworkPolicy lets the edge in at 8080',
  ],
  [
    'a policy for a port that no pod has',
    'ports: [{ port: 15020 }]',
    'ports: [{ port: 8081 }, { port: 15020 }]',
    'none of its pods listens at 8081',
  ],
  [
    'a policy for a namespace that is not there',
    'kubernetes.io/metadata.name: monitoring',
    'kubernetes.io/metadata.name: monitor',
    'no namespace monitor',
  ],
  [
    'a door that is open for all',
    '- podSelector: { matchLabels: { gateway.networking.k8s.io/gateway-name: storefront } }\n        - names',
    '- namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: elsewhere } }\n        - names',
    'Deployment storefront/accounts: a pod in elsewhere is let in at 8080, and has no business there',
  ],
  [
    'a door that is open for the other services',
    '- podSelector: { matchLabels: { gateway.networking.k8s.io/gateway-name: storefront } }\n        - names',
    '- podSelector: {}\n        - names',
    'Deployment storefront/accounts: orders is let in at 8080, and has no business there',
  ],
  [
    'a way out for all that runs',
    'podSelector: { matchLabels: { strimzi.io/name: storefront-kafka } }',
    'podSelector: { matchLabels: { strimzi.io/name: storefront-kafka } }\n        - ipBlock: { cidr: 203.0.113.0/24 }',
    'Deployment storefront/accounts: it is let out to the internet at 9092, and has no business there',
  ],
  [
    'Prometheus outside the door',
    'ports: [{ port: 15020 }]',
    'ports: [{ port: 8080 }]',
    'Deployment storefront/accounts: no NetworkPolicy lets a pod in monitoring in at 15020',
  ],
  [
    'Prometheus at a door that is not its own',
    'ports: [{ port: 15020 }]',
    'ports: [{ port: 8080 }, { port: 15020 }]',
    'Deployment storefront/accounts: a pod in monitoring is let in at 8080, and has no business there',
  ],
  [
    'an edge without a way out',
    'values: [accounts, orders, fulfillment] }] }\n      ports',
    'values: [accounts, orders] }] }\n      ports',
    'the edge: no NetworkPolicy lets it out to fulfillment:8080',
  ],
  ['a policy for nobody else', 'gateway-name: storefront }', 'gateway-name: store }', 'nobody is'],
  [
    'an open namespace',
    'podSelector: {}\n  policyTypes: [Ingress, Egress]',
    'podSelector: {}\n  policyTypes: [Egress]',
    'no NetworkPolicy closes',
  ],
  ['a Service with a protocol of nobody', 'appProtocol: http', 'appProtocol: htttp', 'does not say its protocol'],
  [
    'an exporter behind a closed door',
    'ports: [{ port: 9216 }]',
    'ports: [{ port: 9217 }]',
    'Deployment mongo/mongodb-exporter: no NetworkPolicy lets a pod in monitoring in at 9216',
  ],
  [
    'a monitor at another path',
    'path: /stats/prometheus\n      interval',
    'path: /metrics\n      interval',
    'PodMonitor storefront/storefront: accounts: the agent has no metrics at /metrics',
  ],
  [
    'a monitor at the port that takes mTLS alone',
    "replacement: '$1:15020'",
    "replacement: '$1:8080'",
    'accounts: it is asked at 8080, where the mesh takes mTLS alone',
  ],
  [
    'a monitor whose addresses stay as they are',
    'targetLabel: __address__',
    'targetLabel: address',
    'accounts: it is asked at 8080, where the mesh takes mTLS alone',
  ],
  [
    'a pod whose metrics the agent does not add',
    "prometheus.io/port: '8080'",
    "prometheus.io/port: '8081'",
    'accounts: prometheus.io/port is 8081, not 8080',
  ],
  [
    'a cloud that is reached in the clear',
    'name: tls-kafka, protocol: TLS',
    'name: tls-kafka, protocol: TCP',
    'it is not reached by TLS',
  ],
];

const atTheEdge: readonly Breakage[] = [
  [
    'a write that is sent twice',
    'method: HEAD',
    'method: POST',
    'the edge sends POST to accounts again after an answer',
  ],
  [
    'two matches, one of which is replaced',
    'method: HEAD }]',
    'method: HEAD }, { path: { type: PathPrefix, value: /accounts }, method: GET }]',
    'has 2 matches, not one',
  ],
  [
    'retries as Istio likes',
    'retry: { attempts: 1 }',
    '',
    'the edge sends any request to accounts again as Istio likes',
  ],
  ['an edge that waits for ever', 'timeouts: { request: 30s }', '', 'the edge waits for accounts for ever'],
  [
    'a route of one path only',
    'type: PathPrefix, value: /orders',
    'type: Exact, value: /orders',
    'sends Exact /orders to orders',
  ],
  [
    'a method without a way',
    '- name: write\n      matches: [{ path: { type: PathPrefix, value: /accounts } }]',
    '- name: write\n      matches: [{ path: { type: PathPrefix, value: /accounts }, method: POST }]',
    'the edge has no way for DELETE /accounts/customers',
  ],
  ['mTLS for who likes', 'mode: STRICT', 'mode: PERMISSIVE', 'mTLS is not STRICT'],
  ['a path that the edge may not call', '/customers, ', '', 'the edge may not call /customers'],
  ['a path that is not there', "'/customers/*']", "'/customers/*', /customer]", 'there is no /customer'],
  ['an edge by another name', 'sa/storefront-istio', 'sa/store-istio', 'sa/storefront-istio, not'],
  [
    'an edge of another namespace',
    'ns/storefront/sa/storefront-istio',
    'ns/dev/sa/storefront-istio',
    'not cluster.local/ns/dev',
  ],
  [
    'an edge of any namespace',
    'cluster.local/ns/storefront/sa/storefront-istio',
    "'*/sa/storefront-istio'",
    'an account of a namespace',
  ],
  ['a gateway of any namespace', 'cluster.local/ns/storefront/sa/gateway', "'*/sa/gateway'", 'lets in */sa/gateway'],
  ['an index that apps/gateway has and the edge has not', '/actuator/,', '', 'the edge may not call /actuator/'],
  ['parts of health', '/actuator/health/,', "'/actuator/health/*',", 'the edge may call /actuator/health/mongo'],
  [
    'management endpoints for all',
    '  action: ALLOW\n  rules:\n',
    "  action: ALLOW\n  rules:\n    - to: [{ operation: { paths: ['/actuator/*'] } }]\n",
    'besides the edge, nobody may call',
  ],
  ['secrets for the commands', "'/actuator/parked/*'", "'/actuator/*'", 'the toolbox needs no /actuator/*'],
  [
    'commands of somebody else',
    'cluster.local/ns/storefront/sa/toolbox',
    'cluster.local/ns/storefront/sa/gateway',
    'AuthorizationPolicy storefront/accounts-operated: lets in cluster.local/ns/storefront/sa/gateway',
  ],
  ['management endpoints in a pattern', "'/customers/*']", "'/customers/*', '/*']", 'the edge may call /actuator/env'],
  [
    'a second list for the same',
    'name: orders\nspec:\n  selector:\n    matchLabels: { app: orders }\n  action',
    'name: orders\nspec:\n  selector:\n    matchLabels: { app: accounts }\n  action',
    'AuthorizationPolicy storefront/accounts and AuthorizationPolicy storefront/orders are for the same',
  ],
  [
    'a list for nobody',
    /selector:\n    matchLabels: \{ app: orders \}\n  action/,
    'selector:\n    matchLabels: { app: accounts }\n  action',
    'anybody in the mesh may call orders',
  ],
];

describe('a way that leads nowhere, or too far, is told:', () => {
  it.each([...onTheWay, ...atTheEdge])('%s', (_, whole, changed, fault) => {
    const faults = faultsIn(broken(aPlace('gateway-api'), whole, changed));
    expect(faults).toContainEqual(expect.stringContaining(fault));
  });
});
