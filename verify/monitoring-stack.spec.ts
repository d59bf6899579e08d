import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Manifests } from './manifests';
import { stackFaults } from './monitoring-stack';
import { broken } from './testing/a-place';

const values = readFileSync(join(__dirname, '../k8s/overlays/minikube/monitoring.values.yaml'), 'utf8');
const objects = `
kind: PodMonitor
metadata: { name: storefront, labels: { team: shop } }
---
kind: ScrapeConfig
metadata: { name: msk, labels: { team: shop } }
---
kind: PrometheusRule
metadata: { name: storefront, labels: { team: shop } }
---
kind: ConfigMap
metadata: { name: boards, labels: { grafana_dashboard: '1' }, annotations: { grafana_folder: Storefront } }
data: { overview.json: '{}' }
---
kind: ConfigMap
metadata: { name: kafka }
data: { KAFKA_BROKERS: 'b:9092' }
`;
const faultsOf = (yaml: string, manifests: string) => stackFaults(yaml, 'monitoring', Manifests.parse(manifests));
const ofTeam = broken(
  values,
  'podMonitorSelectorNilUsesHelmValues: false',
  'podMonitorSelector: { matchLabels: { team: shop } }',
);

describe('the stack as it is installed', () => {
  it('takes up what has any labels, and boards by their own', () => {
    expect(faultsOf(values, objects)).toEqual([]);
    expect(faultsOf(ofTeam, objects)).toEqual([]);
  });

  it('is told to miss a monitor without the label that its selector names', () => {
    expect(faultsOf(ofTeam, broken(objects, 'storefront, labels: { team: shop }', 'storefront'))).toEqual([
      'PodMonitor storefront: Prometheus does not look for its labels',
    ]);
  });

  it.each([
    ['rules', 'ruleSelectorNilUsesHelmValues: false', '', 'PrometheusRule storefront: Prometheus does not look'],
    ['monitors', 'podMonitorSelectorNilUsesHelmValues: false', '', 'PodMonitor storefront: Prometheus does not look'],
    ['scrapes', 'scrapeConfigSelectorNilUsesHelmValues: false', '', 'ScrapeConfig msk: Prometheus does not look'],
    ['namespaces', 'retention: 2d', 'ruleNamespaceSelector: { matchLabels: { a: b } }', 'a namespace may be left out'],
    ['boards elsewhere', 'searchNamespace: ALL', '', 'looks in its own namespace alone'],
    ['another label', 'label: grafana_dashboard', 'label: board', "Grafana's sidecar looks for board: 1"],
    ['another value', "labelValue: '1'", "labelValue: 'yes'", "Grafana's sidecar looks for grafana_dashboard: yes"],
    ['a folder', 'folderAnnotation: grafana_folder', 'folderAnnotation: folder', 'no annotation folder'],
  ])('is told to miss %s', (_, whole, changed, fault) => {
    expect(faultsOf(broken(values, whole, changed), objects)).toContainEqual(expect.stringContaining(fault));
  });

  it('is told to miss a board without the label', () => {
    expect(faultsOf(values, broken(objects, "grafana_dashboard: '1'", "dashboard: '1'"))).toContainEqual(
      expect.stringContaining('ConfigMap boards: Grafana'),
    );
  });
});
