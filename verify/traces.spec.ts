import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Manifests } from './manifests';
import { broken } from './testing/a-place';
import { traceFaults } from './traces';

const values = readFileSync(join(__dirname, '../k8s/overlays/minikube/istiod.values.yaml'), 'utf8');
const objects = `
kind: Service
metadata: { name: traces, namespace: storefront }
spec: { ports: [{ port: 4318 }] }
---
kind: Telemetry
metadata: { name: default, namespace: storefront }
spec: { tracing: [{ providers: [{ name: storefront-traces }] }] }
`;
const faultsOf = (yaml: string, manifests: string) => traceFaults(yaml, Manifests.parse(manifests));

describe("proxies' spans", () => {
  it('have somewhere to go', () => {
    expect(faultsOf(values, objects)).toEqual([]);
  });

  it.each([
    ['a provider that the mesh lacks', 'name: storefront-traces', 'name: jaeger', 'the mesh has no provider jaeger'],
    ['no provider', 'tracing: [{ providers: [{ name: storefront-traces }] }]', '', 'no provider is named'],
    ['another port', 'port: 4318', 'port: 4317', 'traces.storefront.svc.cluster.local:4318, where nothing is'],
    ['another namespace', /namespace: storefront/g, 'namespace: dev', '4318, where nothing is'],
  ])('go nowhere with %s', (_, whole, changed, fault) => {
    expect(faultsOf(values, broken(objects, whole, changed))).toEqual([expect.stringContaining(fault)]);
  });
});
