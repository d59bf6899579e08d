import { secretFaults } from './infra';
import { Manifests } from './manifests';
import { overlayFaults } from './overlays';
import { wiringFaults } from './wiring';

const parse = (yaml: string) => Manifests.parse(yaml);

const cloud = `
kind: PodMonitor
metadata: { name: storefront }
spec: { podMetricsEndpoints: [], selector: {} }
---
kind: PrometheusRule
metadata: { name: storefront }
---
kind: ConfigMap
metadata: { name: dashboards, labels: { grafana_dashboard: '1' } }
data: { board.json: '{}' }
---
kind: Telemetry
metadata: { name: default }
---
kind: RequestAuthentication
metadata: { name: edge }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: storefront, annotations: {} }
spec:
  listeners:
    - { name: http, hostname: shop.example.com }
    - { name: https, hostname: shop.example.com, tls: { certificateRefs: [{ name: edge-tls }] } }
---
kind: Certificate
metadata: { name: edge }
spec: { secretName: edge-tls, dnsNames: [shop.example.com] }
---
kind: HTTPRoute
metadata: { name: orders }
spec:
  parentRefs: [{ name: storefront, sectionName: https }]
  rules: [{ matches: [{ path: { type: PathPrefix, value: /orders } }], backendRefs: [{ name: orders, port: 8080 }] }]
---
kind: HTTPRoute
metadata: { name: to-https }
spec: { parentRefs: [{ name: storefront, sectionName: http }], rules: [{}] }
---
kind: AuthorizationPolicy
metadata: { name: edge }
spec: { rules: [{ from: [{ source: { requestPrincipals: ['https://issuer.example.com//*'] } }] }] }
---
kind: ConfigMap
metadata: { name: orders-abc }
data: { SAMPLE_DATA: disabled }
---
kind: HorizontalPodAutoscaler
metadata: { name: orders }
spec: { minReplicas: 2 }
`;

describe('an overlay is what it is said to be', () => {
  it('and has no faults then', () => {
    expect(overlayFaults('eks-msk-iam', parse(cloud))).toEqual([]);
  });

  it.each([
    ['nobody knows it', 'staging', '', '', 'nobody has said what this overlay is'],
    ['samples', 'eks-msk-iam', 'SAMPLE_DATA: disabled', 'SAMPLE_DATA: enabled', 'SAMPLE_DATA is enabled'],
    [
      'a hidden edge',
      'eks-msk-iam',
      'annotations: {}',
      "annotations: { 'networking.istio.io/service-type': ClusterIP }",
      'it is not reached from outside',
    ],
    ['an edge for all', 'dev', '', '', 'it is reached from outside'],
    ['no HTTPS', 'eks-msk-iam', '- { name: https', '- { name: other', 'it listens for http,other, not http,https'],
    [
      'a token in the clear',
      'uat',
      'sectionName: https',
      'sectionName: http',
      'HTTPRoute orders: it leads on without TLS',
    ],
    ['a token at any door', 'uat', ', sectionName: https', '', 'HTTPRoute orders: it leads on without TLS'],
    ['no way to HTTPS', 'uat', 'sectionName: http }', 'sectionName: https }', 'HTTP does not lead to HTTPS'],
    [
      'a certificate of others',
      'uat',
      'dnsNames: [shop',
      'dnsNames: [store',
      'the certificate in edge-tls is for store.example.com',
    ],
    ['no certificate', 'uat', 'secretName: edge-tls', 'secretName: tls', 'the certificate in edge-tls is for nobody'],
    ['any host', 'uat', 'hostname: shop.example.com }', 'port: 80 }', 'its edge answers for any and shop.example.com'],
    ['one host of a laptop', 'minikube', '', '', 'it answers for shop.example.com,shop.example.com alone'],
    ['no HTTP on a laptop', 'minikube', '', '', 'HTTPRoute orders: it is for https alone'],
    ['no tokens', 'eks-msk-iam', 'requestPrincipals', 'principals', 'a token is not asked for at its edge'],
    ['tokens', 'dev', '', '', 'a token is asked for at its edge'],
    ['one pod', 'eks-msk-iam', 'minReplicas: 2', 'minReplicas: 1', 'at least 2 pods are expected'],
    ['a broken dashboard', 'eks-msk-iam', "board.json: '{}'", "board.json: '{'", 'its monitoring is not whole'],
    ['no logs', 'eks-msk-iam', 'kind: Telemetry', 'kind: Telemetries', 'it has no Telemetry'],
  ])('%s', (...[, overlay, whole, changed, fault]) => {
    const faults = overlayFaults(overlay, parse(cloud.replace(whole, changed)));
    expect(faults).toContainEqual(expect.stringContaining(fault));
  });
});

const eks = `
kind: SecretStore
metadata: { name: secrets-manager, namespace: storefront }
spec: { provider: { aws: { service: SecretsManager, region: us-east-1 } } }
---
kind: ServiceAccount
metadata: { name: orders, namespace: storefront }
---
kind: ExternalSecret
metadata: { name: orders-mongodb, namespace: storefront }
spec:
  secretStoreRef: { name: secrets-manager }
  data: [{ secretKey: uri, remoteRef: { key: storefront/orders/mongodb, property: uri } }]
`;
const terraform = `
resource "x" "y" {
  name = "storefront/\${each.key}/mongodb"
  namespace       = "storefront"
}`;

describe('what is fetched from AWS', () => {
  const faultsIn = (yaml: string) => {
    const manifests = parse(yaml);
    return [...wiringFaults(manifests), ...secretFaults(manifests, terraform)];
  };

  it('is there as it is asked for', () => {
    expect(faultsIn(eks)).toEqual([]);
  });

  it.each([
    ['another property', 'property: uri', 'property: url', 'storefront/orders/mongodb has uri, not url'],
    ['all of it', ', property: uri', '', 'storefront/orders/mongodb has uri, not none'],
    [
      'another store',
      'service: SecretsManager',
      'service: ParameterStore',
      'is in SecretsManager, not in ParameterStore',
    ],
    [
      'something unknown',
      'storefront/orders/mongodb',
      'storefront/order/mongodb',
      'nobody knows what storefront/order/mongodb holds',
    ],
    [
      'by somebody without an identity',
      /namespace: storefront/g,
      'namespace: shop',
      'gives nobody in its namespace an identity',
    ],
  ])('by %s is told', (_, whole, changed, fault) => {
    expect(faultsIn(eks.replace(whole, changed))).toContainEqual(expect.stringContaining(fault));
  });
});
