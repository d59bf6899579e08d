import type { Manifests } from './manifests';
import { specOf } from './manifests';

/** Services that charts make, as deploy.sh names their releases: chart, release, the Service and its port. */
const charted = [
  { release: 'chart kiali kiali-server istio-system', service: 'istio-system/kiali', port: 20_001 },
  {
    release: 'chart monitoring kube-prometheus-stack monitoring',
    service: 'monitoring/monitoring-kube-prometheus-prometheus',
    port: 9090,
  },
  {
    release: 'chart monitoring kube-prometheus-stack monitoring',
    service: 'monitoring/monitoring-grafana',
    port: 80,
  },
] as const;

/** What the seed has a page for, and so must the map. */
const wanted = ['dashboard', 'Kiali', 'kafka-ui', 'mongo-express', 'Jaeger', 'Prometheus', 'Grafana'];

/** The table of docs/minikube.md, which deploy.sh prints, against the Services that there are, and the charts that deploy.sh installs. */
export function mapFaults(page: string, script: string, manifests: Manifests): string[] {
  const [, map = ''] = /<!-- map -->([^]*)<!-- \/map -->/.exec(page) ?? [];
  const lines = map.split('\n').filter((line) => line.startsWith('|'));
  return [
    ...wanted.flatMap((each) => (lines.some((line) => line.includes(each)) ? [] : [`the map has no ${each}`])),
    ...lines.flatMap((line) => forwardFaults(line, script, manifests)),
    ...(script.includes('print_map ;;') && script.includes('docs/minikube.md')
      ? []
      : ['deploy.sh does not print the map']),
    ...(/minikube start (?=.*--cni calico)(?=.*metrics-server)(?=.*--memory \d+g)(?=.*--cpus \d)/.test(page)
      ? []
      : ['the page does not say how minikube is started']),
  ];
}

function forwardFaults(line: string, script: string, manifests: Manifests): string[] {
  const [, namespace = '', name = '', local = '', port = ''] =
    /kubectl -n (\S+) port-forward service\/(\S+) (\d+):(\d+)/.exec(line) ?? [];
  if (name === '') return [];
  const address = new RegExp(`http://127\\.0\\.0\\.1:${local}/`).test(line)
    ? []
    : [`${name}: its address is not at ${local}`];
  const chart = charted.find(({ service }) => service === `${namespace}/${name}`);
  if (chart) {
    const isThere = script.includes(chart.release) && chart.port === Number(port);
    return [...address, ...(isThere ? [] : [`${name}: no chart of deploy.sh has it at ${port}`])];
  }
  const service = manifests.find('Service', namespace, name);
  const ports = service ? specOf<{ ports: { port: number }[] }>(service).ports.map((each) => each.port) : [];
  return [
    ...address,
    ...(ports.includes(Number(port)) ? [] : [`${name}: no Service ${namespace}/${name} has a port ${port}`]),
  ];
}
