import type { z } from 'zod';
import { type Manifest, type Manifests, nameOf, specOf } from '../manifests';
import { services } from '../services';
import { containers } from './compose';
import { kafka } from './kafka';
import { mesh } from './mesh';
import { network, scaling, secrets, watching } from './network';
import { plainObjects } from './objects';
import { gatewayDeployment, serviceDeployment, toolboxDeployment, workloads } from './pods';

const shapes: Readonly<Record<string, z.ZodType>> = {
  ...plainObjects,
  ...workloads,
  ...network,
  ...scaling,
  ...watching,
  ...secrets,
  ...mesh,
  ...kafka,
};

/**
 * What an object of ours may say at all. The kinds' own schemas take much more: fields that take a door off its hinges, or
 * lead a request elsewhere, and that no check of names would miss. Whoever needs one of them adds it to its shape.
 */
export function shapeFaults(manifests: Manifests): string[] {
  return manifests.all.flatMap((each) => {
    const shape = shapeOf(each);
    if (!shape) return [`${nameOf(each)}: nobody here knows a ${each.kind}`];
    const { error } = shape.safeParse(each);
    return error ? issuesOf(error.issues).map((issue) => `${nameOf(each)}: ${issue}`) : [];
  });
}

function shapeOf(manifest: Manifest): z.ZodType | undefined {
  const { apiVersion, kind, metadata } = manifest;
  if (kind === 'Deployment' && metadata.name === 'gateway') return gatewayDeployment;
  if (kind === 'Deployment' && metadata.name === 'toolbox') return toolboxDeployment;
  if (kind === 'Deployment' && services.some((name) => name === metadata.name)) return serviceDeployment;
  if (kind === 'Service' && 'clusterIP' in specOf<object>(manifest)) return shapes['StatefulService'];
  return shapes[`${apiVersion.split('/')[0]}/${kind}`] ?? shapes[kind];
}

/** The same of a container of compose.yaml. */
export function containerFaults(name: string, container: object): string[] {
  const { error } = containers[name]?.safeParse(container) ?? {};
  if (!containers[name]) return ['nobody here knows it'];
  return error ? issuesOf(error.issues) : [];
}

function issuesOf(issues: readonly z.core.$ZodIssue[], at: readonly PropertyKey[] = []): string[] {
  return issues.flatMap((issue) => {
    const path = [...at, ...issue.path];
    const where = path.join('.');
    if (issue.code === 'unrecognized_keys')
      return [`${where || 'it'} has ${issue.keys.join(', ')}, which nothing here has`];
    if (issue.code === 'invalid_union') {
      // of the ways in which it may be, the one that it comes nearest to
      const [nearest] = issue.errors.toSorted((one, other) => one.length - other.length);
      return nearest ? issuesOf(nearest, path) : [`${where}: ${issue.message}`];
    }
    return [`${where}: ${issue.message}`];
  });
}
