import { Values, variablesOf } from './environments';
import { type Labels, type LabelSelector, type Manifests, nameOf, namespaceOf, selects, specOf } from './manifests';
import { type Container, containersOf, type Workload } from './pods';
import { filesNamed, variablesRead } from './scripts';
import { services } from './services';
import { version } from './version';

const units: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** The images of those of ours that are no service. */
const images: Readonly<Record<string, string>> = { gateway: 'gateway', toolbox: 'commands', reconcile: 'commands' };

/** What a workload says twice: in its selector and its labels, its image and its version, its settings and its ports. */
export function workloadFaults(manifests: Manifests, shapes: Manifests): string[] {
  return manifests.workloads().flatMap((workload) => {
    const isService = services.some((name) => name === workload.manifest.metadata.name);
    return [
      ...containersOf(workload.pod).flatMap((container) => scriptFaults(container, workload, manifests)),
      ...labelFaults(workload),
      ...ownerFaults(workload, manifests),
      ...containersOf(workload.pod).flatMap(resourceFaults),
      ...volumeFaults(workload),
      ...(isService ? [] : imageFaults(workload)),
      ...jobFaults(workload),
      ...(isService ? serviceFaults(workload, manifests, shapes) : []),
    ].map((fault) => `${nameOf(workload.manifest)}: ${fault}`);
  });
}

function labelFaults({ manifest, labels, pod }: Workload): string[] {
  const { selector } = specOf<{ selector?: LabelSelector }>(manifest);
  const spread = pod.topologySpreadConstraints ?? [];
  return [
    ...(selector && !selects(selector, labels) ? ['its selector does not mean its own pods'] : []),
    ...(spread.every(({ labelSelector }) => selects(labelSelector ?? {}, labels))
      ? []
      : ['it spreads the pods of others']),
  ];
}

function ownerFaults({ manifest, labels }: Workload, manifests: Manifests): string[] {
  if (manifest.kind !== 'StatefulSet') return [];
  const { serviceName } = specOf<{ serviceName: string }>(manifest);
  const service = manifests.find('Service', namespaceOf(manifest), serviceName);
  const { clusterIP, selector = {} } = service ? specOf<{ clusterIP?: string; selector?: Labels }>(service) : {};
  const names = clusterIP === 'None' && selects({ matchLabels: selector }, labels);
  return names ? [] : [`no headless Service ${serviceName} names its pods`];
}

function resourceFaults({ name, resources }: Container): string[] {
  return (['cpu', 'memory'] as const).flatMap((what) => {
    const [asked, most] = [resources?.requests?.[what], resources?.limits?.[what]];
    if (!asked || !most || quantity(asked) <= quantity(most)) return [];
    return [`container ${name}: ${what} ${asked} is asked for, at most ${most} allowed`];
  });
}

/** A settings' replacement that misses, or a merge, leaves an image that is somebody else's. */
function imageFaults({ manifest, pod }: Workload): string[] {
  const app = images[manifest.metadata.name];
  if (app === undefined || !['Deployment', 'CronJob'].includes(manifest.kind)) return [];
  return pod.containers.flatMap(({ image }) =>
    image.endsWith(`/storefront/${app}:${version}`)
      ? []
      : [`its image is ${image}, not <registry>/storefront/${app}:${version}`],
  );
}

/** With a proxy that does not end, a job does not either. */
function jobFaults({ manifest, annotations }: Workload): string[] {
  const isNative = annotations['sidecar.istio.io/nativeSidecar'] === 'true';
  return manifest.kind !== 'CronJob' || isNative ? [] : ["its pods have no sidecar.istio.io/nativeSidecar: 'true'"];
}

function quantity(text: string): number {
  const [, number, unit = ''] = /^([\d.]+)(\w*)$/.exec(text) ?? [];
  return Number(number) * (units[unit] ?? Number.NaN);
}

function volumeFaults({ pod }: Workload): string[] {
  const mounted = new Set(containersOf(pod).flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name)));
  return (pod.volumes ?? []).flatMap(({ name }) => (mounted.has(name) ? [] : [`nobody mounts the volume ${name}`]));
}

/** A script is a key of a ConfigMap, mounted where the command looks for it, and has the variables that it reads. */
function scriptFaults(
  { name, command = [], env = [], volumeMounts = [] }: Container,
  { manifest, pod }: Workload,
  manifests: Manifests,
): string[] {
  const given = new Set(env.map((variable) => variable.name));
  return filesNamed(command).flatMap((file) => {
    const mount = volumeMounts.find(({ mountPath }) => file.startsWith(`${mountPath}/`));
    const volume = pod.volumes?.find((each) => each.name === mount?.name);
    const source = manifests.find('ConfigMap', namespaceOf(manifest), volume?.configMap?.name ?? '');
    const script = source?.data?.[file.slice((mount?.mountPath.length ?? 0) + 1)];
    if (script === undefined) return [`container ${name}: nothing is mounted at ${file}`];
    return variablesRead(script).flatMap((each) =>
      given.has(each) ? [] : [`container ${name}: ${file} reads ${each}, which is not set`],
    );
  });
}

function serviceFaults({ manifest, labels, pod }: Workload, manifests: Manifests, shapes: Manifests): string[] {
  const { name, namespace = '' } = manifest.metadata;
  const [container] = pod.containers;
  if (!container) return [];
  const environment = variablesOf(container, new Values(manifests, shapes, namespace), pod.volumes);
  const port = environment['PORT'] ?? environment['SERVER_PORT'];
  const annotations =
    specOf<{ template: { metadata: { annotations?: Labels } } }>(manifest).template.metadata.annotations ?? {};
  const [path, tag] = [container.image.replace(/[:@].*$/, ''), /:([\w.-]+)$/.exec(container.image)?.[1]];
  const listens = container.ports?.map(({ containerPort }) => String(containerPort)) ?? [];
  const expected: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['its image', path.split('/').slice(-2).join('/'), `storefront/${name}`],
    ["its image's version", tag, version],
    ['its label version', labels['version'], version],
    ['its label app', labels['app'], name],
    ['its container', container.name, name],
    ['kubectl.kubernetes.io/default-container', annotations['kubectl.kubernetes.io/default-container'], name],
    ['its port', listens.join(), port],
    // infra/ gives pod identities by this name
    ['its account', pod.serviceAccountName, name],
  ];
  return expected.flatMap(([what, is, wanted]) =>
    is === wanted ? [] : [`${what} is ${is ?? 'not there'}, not ${wanted}`],
  );
}
