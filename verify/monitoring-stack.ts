import { load } from 'js-yaml';
import { type LabelSelector, type Manifest, type Manifests, nameOf, selects } from './manifests';

/** The values of kube-prometheus-stack that say what it finds. */
interface StackValues {
  readonly prometheus?: { readonly prometheusSpec?: Readonly<Record<string, unknown>> };
  readonly grafana?: { readonly sidecar?: { readonly dashboards?: Sidecar } };
}

interface Sidecar {
  readonly enabled?: boolean;
  readonly label?: string;
  readonly labelValue?: string;
  readonly searchNamespace?: string;
  readonly folderAnnotation?: string;
}

/** By kind, how the chart's values for it begin. */
const kinds = {
  PodMonitor: 'podMonitor',
  Probe: 'probe',
  PrometheusRule: 'rule',
  ScrapeConfig: 'scrapeConfig',
  ServiceMonitor: 'serviceMonitor',
} as const;

/**
 * Monitors, rules and boards that the stack, installed with these values as `release`, would not take up. Where a selector is
 * not set the chart makes one for the label `release`, unless told not to; namespaces it does not tell apart unless told to.
 */
export function stackFaults(yaml: string, release: string, manifests: Manifests): string[] {
  const { prometheus, grafana } = load(yaml) as StackValues;
  const spec = prometheus?.prometheusSpec ?? {};
  const unseen = Object.entries(kinds).flatMap(([kind, name]) => [
    ...manifests
      .of(kind)
      .filter(({ metadata }) => !selects(selectorOf(spec, name, release), metadata.labels ?? {}))
      .map((each) => `${nameOf(each)}: Prometheus does not look for its labels`),
    ...(isEmpty(spec[`${name}NamespaceSelector`]) ? [] : [`${name}NamespaceSelector: a namespace may be left out`]),
  ]);
  return [...unseen, ...boardsOf(manifests).flatMap((each) => boardFaults(each, grafana?.sidecar?.dashboards ?? {}))];
}

function selectorOf(spec: Readonly<Record<string, unknown>>, name: string, release: string): LabelSelector {
  const selector = spec[`${name}Selector`];
  if (!isEmpty(selector)) return selector as LabelSelector;
  return spec[`${name}SelectorNilUsesHelmValues`] === false ? {} : { matchLabels: { release } };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || Object.keys(value).length === 0;
}

/** ConfigMaps of which every file is a board. */
function boardsOf(manifests: Manifests): Manifest[] {
  return manifests
    .of('ConfigMap')
    .filter(
      ({ data = {} }) => Object.keys(data).length > 0 && Object.keys(data).every((file) => file.endsWith('.json')),
    );
}

/** Grafana's sidecar takes what has its label, in the namespaces that it searches: its own unless told otherwise. */
function boardFaults(manifest: Manifest, sidecar: Sidecar): string[] {
  const { label = 'grafana_dashboard', labelValue = '1', folderAnnotation: folder = 'no annotation at all' } = sidecar;
  const { labels = {}, annotations = {} } = manifest.metadata;
  const faults = [
    ...(sidecar.enabled === false ? ['no sidecar looks for boards'] : []),
    ...(labels[label] === labelValue ? [] : [`Grafana's sidecar looks for ${label}: ${labelValue}`]),
    ...(sidecar.searchNamespace === 'ALL' ? [] : ["Grafana's sidecar looks in its own namespace alone"]),
    ...(annotations[folder] ? [] : [`it has no annotation ${folder} for its folder`]),
  ];
  return faults.map((fault) => `${nameOf(manifest)}: ${fault}`);
}
