import { join } from 'node:path';
import { Prometheus } from '../../monitoring/checks/prometheus';
import { eventually } from '../../test/eventually';
import { type Labels, type Manifests, specOf } from '../manifests';
import { type Service, services } from '../services';
import { serviceMembers, workloadOf } from './members';
import { type FoundPod, scrapesOf } from './scrapes';

/**
 * A Prometheus without a certificate, configured from the rendered PodMonitors and PrometheusRules and nothing else, reads the
 * metrics of every service and of its proxy, and no alert says that one is down.
 */
export async function metricsFaults(folder: string, manifests: Manifests): Promise<string[]> {
  const pods = services.map((name) => foundPod(name, manifests));
  const scrapes = manifests.of('PodMonitor').flatMap((monitor) => scrapesOf(monitor, pods));
  const groups = manifests.of('PrometheusRule').flatMap((each) => specOf<{ groups: object[] }>(each).groups);
  const prometheus = await Prometheus.start(join(folder, 'prometheus'), scrapes, JSON.stringify({ groups }));
  try {
    const jobs = async (expression: string) =>
      (await prometheus.query(expression)).map(({ labels }) => labels['job']).toSorted();
    const missing = async () => {
      const unread = await Promise.all(
        read.map(async (expression) => {
          const found = await jobs(expression);
          return services.filter((each) => !found.includes(each)).map((each) => `${expression} has no job ${each}`);
        }),
      );
      return unread.flat();
    };
    const left = await eventually(missing, (faults) => faults.length === 0, 60_000).catch(missing);
    const down = await jobs('ALERTS{alertname="StorefrontServiceDown"}');
    return [...left, ...down.map((job) => `StorefrontServiceDown of ${job}`)];
  } finally {
    await prometheus.stop();
  }
}

/** Of the scrape, of the service, of a rule about it, of its proxy. */
const read = [
  'up == 1',
  'process_start_time_seconds',
  'health_component_up{component="mongo"} == 1',
  'job:http_server_requests:rate5m',
  'envoy_server_live',
];

function foundPod(name: Service, manifests: Manifests): FoundPod {
  const { namespace, address } = serviceMembers[name];
  const { labels, pod } = workloadOf(name, manifests);
  const ports = pod.containers.flatMap((each) => each.ports ?? []);
  return { name, namespace, address, labels, ports };
}

/** What Istio's injector hands to the agent of a service's pod, with the port where the service runs here. */
export function agentAnnotations(name: Service, manifests: Manifests, port: number): Labels {
  const { annotations } = workloadOf(name, manifests);
  const [scrape = 'false', path = ''] = ['scrape', 'path'].map((key) => annotations[`prometheus.io/${key}`]);
  return { scrape, path, port: String(port) };
}
