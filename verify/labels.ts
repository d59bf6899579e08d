import { type Manifests, nameOf } from './manifests';

const prefix = 'app.kubernetes.io/';

/** Objects of an overlay that lack one of Kubernetes' recommended labels, or have another instance than the overlay's name. */
export function labelFaults(instance: string, manifests: Manifests): string[] {
  return manifests.all.flatMap((each) => {
    const labels = each.metadata.labels ?? {};
    const missing = ['name', 'component', 'part-of', 'managed-by'].filter((label) => !labels[prefix + label]);
    const is = labels[`${prefix}instance`];
    return [
      ...(is === instance ? [] : [`${nameOf(each)}: its instance is ${is ?? 'not there'}, not ${instance}`]),
      ...missing.map((label) => `${nameOf(each)}: its label ${prefix}${label} is missing`),
    ];
  });
}
