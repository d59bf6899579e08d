import { aPlace, type Breakage, broken, faultsIn } from './testing/a-place';

/** All of it valid to Istio and the Gateway API. */
const inTheMesh: readonly Breakage[] = [
  [
    'mTLS that is taken away',
    'trafficPolicy:\n',
    'trafficPolicy:\n    tls: { mode: DISABLE }\n',
    'spec.trafficPolicy has tls',
  ],
  ['all of them left out', 'maxEjectionPercent: 50', 'maxEjectionPercent: 100', 'maxEjectionPercent'],
  [
    'a rule that is only tried',
    'kind: AuthorizationPolicy\nmetadata:\n',
    "kind: AuthorizationPolicy\nmetadata:\n  annotations: { istio.io/dry-run: 'true' }\n",
    'istio.io/dry-run',
  ],
  ['a rule for all', '  action: ALLOW\n  rules:\n', '  action: ALLOW\n  rules:\n    - {}\n', 'spec.rules'],
  [
    'somebody besides the edge',
    'principals: [cluster.local/ns/storefront/sa/storefront-istio',
    "principals: ['*', cluster.local/ns/storefront/sa/storefront-istio",
    'principals',
  ],
  [
    'what is written in the clear',
    'mtls: { mode: STRICT }',
    'mtls: { mode: STRICT }\n  portLevelMtls: { 8080: { mode: PERMISSIVE } }',
    'portLevelMtls',
  ],
  [
    'a policy for one only',
    'mtls: { mode: STRICT }',
    'mtls: { mode: STRICT }\n  selector: { matchLabels: { app: orders } }',
    'spec has selector',
  ],
  [
    'one host only',
    'parentRefs: [{ name: storefront }]\n',
    'parentRefs: [{ name: storefront }]\n  hostnames: [shop.example.com]\n',
    'spec has hostnames',
  ],
  [
    'a listener that is not there',
    'parentRefs: [{ name: storefront }]',
    'parentRefs: [{ name: storefront, sectionName: https }]',
    'Gateway storefront has no listener https',
  ],
  [
    'a service elsewhere',
    '[{ name: accounts, port: 8080 }]',
    '[{ name: accounts, namespace: default, port: 8080 }]',
    'has namespace',
  ],
  ['an edge that does not wait', 'timeouts: { request: 30s }', 'timeouts: { request: 30ms }', '5 to 60 s are expected'],
  ['another port of the edge', 'port: 80\n', 'port: 8080\n', 'spec.listeners'],
  ['another class of edge', 'gatewayClassName: istio', 'gatewayClassName: nginx', 'expected "istio"'],
  ['routes of anybody', 'from: Same', 'from: All', 'expected "Same"'],
  ['a log that nobody writes', 'providers: [{ name: envoy }]', 'providers: [{ name: envoi }]', 'expected "envoy"'],
  ['a metric that is not there', 'resource: { name: cpu,', 'resource: { name: cpus,', 'expected "cpu"'],
];

describe('what the mesh may not have, valid as it is, is told:', () => {
  it.each(inTheMesh)('%s', (_, whole, changed, fault) => {
    const faults = faultsIn(broken(aPlace('gateway-api'), whole, changed));
    expect(faults).toContainEqual(expect.stringContaining(fault));
  });

  it.each([
    ['another gateway', 'istio: ingressgateway', 'istio: ingress', 'expected "ingressgateway"'],
    [
      'faults that are made',
      'rewrite: { uri: / }',
      'rewrite: { uri: / }\n      fault: { abort: { httpStatus: 500, percentage: { value: 100 } } }',
      'has fault',
    ],
    [
      'an order in which writes take reads',
      'match:\n        - { uri: { prefix: /accounts/ }, method: { regex: GET|HEAD|OPTIONS } }',
      'match:\n        - { uri: { prefix: /accounts/ }, method: { regex: GET } }',
      'the edge sends HEAD /accounts/customers only once',
    ],
    ['old TLS', 'minProtocolVersion: TLSV1_2', 'minProtocolVersion: TLSV1_0', 'minProtocolVersion'],
    [
      'an edge of the other style',
      'ns/istio-system/sa/istio-ingressgateway-service-account',
      'ns/storefront/sa/storefront-istio',
      'not cluster.local/ns/storefront/sa/storefront-istio',
    ],
    ['a prefix alone', '- { uri: { exact: /orders } }', '', 'the edge has no way for GET /orders'],
  ])('%s, by the classic edge', (_, whole, changed, fault) => {
    const faults = faultsIn(broken(aPlace('classic'), whole, changed));
    expect(faults).toContainEqual(expect.stringContaining(fault));
  });
});
