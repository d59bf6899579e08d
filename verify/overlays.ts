import { type Manifests, nameOf, specOf } from './manifests';
import { type Reach, reachFaults } from './public-edge';
import { services } from './services';

/** What docs/kubernetes.md says of an overlay. */
interface Overlay {
  /** Made-up data may be made there by whoever comes in. */
  readonly samples: boolean;
  /** Who is reached from everywhere asks for a token. */
  readonly edge: Reach;
  readonly monitored: boolean;
  /** Pods of a service that there always are. */
  readonly least: number;
}

const cloud = { samples: false, edge: 'public', monitored: true, least: 2 } as const;
const original = { samples: true, edge: 'cluster', monitored: false, least: 1 } as const;
const known: Readonly<Record<string, Overlay>> = {
  minikube: { ...original, edge: 'laptop', monitored: true },
  'minikube-classic': { ...original, edge: 'laptop', monitored: true },
  dev: original,
  test: original,
  uat: { ...cloud, monitored: false },
  'gke-confluent-atlas': cloud,
  'eks-msk-scram': cloud,
  'eks-msk-iam': cloud,
};

/** Each overlay is what it is said to be. */
export function overlayFaults(name: string, manifests: Manifests): string[] {
  const expected = known[name];
  if (!expected) return ['nobody has said what this overlay is: verify/overlays.ts'];
  const has = (...kinds: string[]) => kinds.every((kind) => manifests.of(kind).length > 0);
  const isWatched = has('PodMonitor', 'PrometheusRule') && hasDashboards(manifests);
  const isGuarded = has('RequestAuthentication') && asksForTokens(manifests);
  const tokens = expected.edge === 'public';
  return [
    ...(isWatched === expected.monitored
      ? []
      : [`its monitoring is ${expected.monitored ? 'not whole' : 'not expected'}`]),
    ...(isGuarded === tokens ? [] : [`a token is ${tokens ? 'not asked for' : 'asked for'} at its edge`]),
    ...reachFaults(manifests, expected.edge),
    ...(has('Telemetry') ? [] : ['it has no Telemetry']),
    ...sampleFaults(manifests, expected),
    ...manifests.of('HorizontalPodAutoscaler').flatMap((each) => {
      const { minReplicas } = specOf<{ minReplicas: number }>(each);
      return minReplicas >= expected.least ? [] : [`${nameOf(each)}: at least ${expected.least} pods are expected`];
    }),
  ];
}

/** As Grafana's sidecar finds them. */
function hasDashboards(manifests: Manifests): boolean {
  return manifests
    .of('ConfigMap')
    .some(
      ({ metadata, data = {} }) => metadata.labels?.['grafana_dashboard'] === '1' && Object.values(data).every(isJson),
    );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function asksForTokens(manifests: Manifests): boolean {
  return manifests
    .of('AuthorizationPolicy')
    .some((each) => JSON.stringify(specOf<{ rules?: object[] }>(each).rules ?? []).includes('"requestPrincipals"'));
}

function sampleFaults(manifests: Manifests, { samples }: Overlay): string[] {
  return services.flatMap((service) =>
    manifests.of('ConfigMap').flatMap((each) => {
      const { SAMPLE_DATA: is } = each.data ?? {};
      if (!each.metadata.name.startsWith(`${service}-`) || is === (samples ? 'enabled' : 'disabled')) return [];
      return [`${nameOf(each)}: SAMPLE_DATA is ${is ?? 'not set'}`];
    }),
  );
}
