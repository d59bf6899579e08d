import { isClusterWide, type Manifest, type Manifests, nameOf, namespaceOf } from './manifests';
import { type Container, containersOf, type PodSpec, type Workload } from './pods';
import { services } from './services';

/** A service's own end, ms of `stopOnSignals` rounded up. */
export const longestDrainSeconds = 14;

/** What every pod keeps to, and what the services keep to besides. */
export function policyFaults(manifests: Manifests): string[] {
  const namespaces = new Set(manifests.of('Namespace').map(({ metadata }) => metadata.name));
  return [
    ...manifests.all.flatMap((each) =>
      isClusterWide(each) || namespaces.has(namespaceOf(each))
        ? []
        : [`${nameOf(each)}: its namespace '${namespaceOf(each)}' is not among the manifests`],
    ),
    ...manifests.of('Namespace').flatMap((each) => namespaceFaults(each, manifests)),
    ...manifests.workloads().flatMap((workload) => workloadFaults(workload).map(in_(workload))),
  ];
}

/** Pod Security is kept by the namespace, and so is being in the mesh. */
function namespaceFaults(manifest: Manifest, manifests: Manifests): string[] {
  const { name, labels = {} } = manifest.metadata;
  const hasServices = manifests.find('Deployment', name, services[0]) !== undefined;
  return faults([
    [labels['pod-security.kubernetes.io/enforce'] !== 'restricted', 'Pod Security restricted is expected'],
    [hasServices && labels['istio-injection'] !== 'enabled', 'istio-injection: enabled is expected'],
    // their clients' own ways would be taken for the mesh's
    [!hasServices && labels['istio-injection'] !== undefined, 'Kafka and MongoDB stay outside the mesh'],
  ]).map((fault) => `${nameOf(manifest)}: ${fault}`);
}

const in_ =
  ({ manifest }: Workload) =>
  (fault: string) =>
    `${nameOf(manifest)}: ${fault}`;

function workloadFaults({ manifest, pod }: Workload): string[] {
  const isService = services.some((name) => name === manifest.metadata.name);
  return [
    ...podFaults(pod),
    ...containersOf(pod).flatMap((container) => containerFaults(container)),
    ...(isAsked(manifest) ? pod.containers.flatMap(probeFaults) : []),
    ...(isService ? serviceFaults(pod) : []),
  ];
}

/** A job ends by itself, and in the toolbox nothing listens. */
function isAsked({ kind, metadata }: Manifest): boolean {
  return !kind.endsWith('Job') && metadata.name !== 'toolbox';
}

function podFaults({ securityContext, automountServiceAccountToken, enableServiceLinks }: PodSpec): string[] {
  return faults([
    [securityContext?.runAsNonRoot !== true, 'runAsNonRoot is expected'],
    [!securityContext?.runAsUser, 'runs as root: a runAsUser other than 0 is expected'],
    [securityContext?.seccompProfile?.type !== 'RuntimeDefault', 'the seccomp profile RuntimeDefault is expected'],
    [
      automountServiceAccountToken !== false,
      'it needs no token of the API server: automountServiceAccountToken: false',
    ],
    [enableServiceLinks !== false, 'variables of Services would come in: enableServiceLinks: false'],
  ]);
}

function containerFaults({ name, image, resources, securityContext }: Container): string[] {
  const { allowPrivilegeEscalation, capabilities, privileged, runAsUser } = securityContext ?? {};
  const tag = /(?::(?<tag>[\w.-]+)(?:@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$/.exec(image);
  return faults([
    [!tag || tag.groups?.['tag'] === 'latest', `image ${image} has no version`],
    [allowPrivilegeEscalation !== false, 'allowPrivilegeEscalation: false is expected'],
    [privileged === true || runAsUser === 0, 'it is privileged'],
    [!capabilities?.drop?.includes('ALL') || capabilities.add !== undefined, 'all capabilities are to be dropped'],
    [!resources?.requests?.cpu || !resources.requests.memory, 'requests of cpu and memory are expected'],
    [!resources?.limits?.cpu || !resources.limits.memory, 'limits of cpu and memory are expected'],
  ]).map((fault) => `container ${name}: ${fault}`);
}

function probeFaults({ name, livenessProbe, readinessProbe }: Container): string[] {
  return faults([
    [!livenessProbe, 'a liveness probe is expected'],
    [!readinessProbe, 'a readiness probe is expected'],
  ]).map((fault) => `container ${name}: ${fault}`);
}

function serviceFaults({ containers, terminationGracePeriodSeconds = 30 }: PodSpec): string[] {
  return containers.flatMap(({ startupProbe, livenessProbe, readinessProbe, lifecycle, securityContext }) => {
    const pause = lifecycle?.preStop?.sleep?.seconds ?? 0;
    const needed = pause + longestDrainSeconds;
    return faults([
      [startupProbe?.httpGet?.path !== '/actuator/health/liveness', 'startup is asked at /actuator/health/liveness'],
      [livenessProbe?.httpGet?.path !== '/actuator/health/liveness', 'liveness is asked at /actuator/health/liveness'],
      [
        readinessProbe?.httpGet?.path !== '/actuator/health/readiness',
        'readiness is asked at /actuator/health/readiness',
      ],
      [pause === 0, 'a preStop pause is expected: endpoints take a while to forget a pod'],
      [terminationGracePeriodSeconds <= needed, `a termination grace period of more than ${needed} s is expected`],
      [securityContext?.readOnlyRootFilesystem !== true, 'a read-only root is expected'],
    ]);
  });
}

/** The texts whose condition holds. */
function faults(conditions: readonly (readonly [boolean, string])[]): string[] {
  return conditions.flatMap(([holds, text]) => (holds ? [text] : []));
}
