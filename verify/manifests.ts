import { loadAll } from 'js-yaml';
import type { PodSpec, Workload } from './pods';

export type Labels = Readonly<Record<string, string>>;

export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** One object of Kubernetes. What is in `spec` and beside it depends on the kind: `specOf` says how it is read. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
  readonly spec?: object;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

interface Templated {
  readonly template: {
    readonly metadata?: { readonly labels?: Labels; readonly annotations?: Labels };
    readonly spec: PodSpec;
  };
}

const clusterWide = new Set(['Namespace', 'ClusterRole', 'ClusterRoleBinding', 'CustomResourceDefinition']);

/** The manifests of one place, as they would be in a cluster. */
export class Manifests {
  constructor(readonly all: readonly Manifest[]) {}

  static parse(yaml: string): Manifests {
    return new Manifests(loadAll(yaml).filter((document): document is Manifest => Boolean(document)));
  }

  of(...kinds: string[]): Manifest[] {
    return this.all.filter(({ kind }) => kinds.includes(kind));
  }

  find(kind: string, namespace: string, name: string): Manifest | undefined {
    return this.of(kind).find((each) => each.metadata.name === name && namespaceOf(each) === namespace);
  }

  workloads(): Workload[] {
    return this.of('Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob').map((manifest) => {
      const { jobTemplate } = specOf<{ jobTemplate?: { spec: object } }>(manifest);
      const { template } = (jobTemplate?.spec ?? specOf(manifest)) as Templated;
      const { labels = {}, annotations = {} } = template.metadata ?? {};
      return { manifest, labels, annotations, pod: template.spec };
    });
  }

  /** Those whose pods a selector means. */
  selected(namespace: string, selector: LabelSelector): Workload[] {
    return this.workloads().filter(
      ({ manifest, labels }) => namespaceOf(manifest) === namespace && selects(selector, labels),
    );
  }
}

/** Of the operators our manifests need `In` alone; with another one nothing is selected, so that it is seen. */
export function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => operator === 'In' && values?.includes(labels[key] ?? ''))
  );
}

/** A manifest's spec, read as what its kind has there; the schemas have been checked before. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- a cast that has a name
export function specOf<T extends object>({ spec }: Manifest): T {
  return (spec ?? {}) as T;
}

export function namespaceOf({ metadata }: Manifest): string {
  return metadata.namespace ?? '';
}

export function isClusterWide({ kind }: Manifest): boolean {
  return clusterWide.has(kind);
}

/** How a fault names an object. */
export function nameOf({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}
