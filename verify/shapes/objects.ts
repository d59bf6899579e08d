import { z } from 'zod';
import { version } from '../version';

/** What a label or an annotation may be called, and what it says. */
const labels = z.strictObject({
  app: z.string().optional(),
  version: z.string().optional(),
  'app.kubernetes.io/name': z.string().optional(),
  'app.kubernetes.io/instance': z.string().optional(),
  'app.kubernetes.io/version': z.literal(version).optional(),
  'app.kubernetes.io/component': z.string().optional(),
  'app.kubernetes.io/part-of': z.literal('storefront').optional(),
  'app.kubernetes.io/managed-by': z.literal('kustomize').optional(),
  'strimzi.io/cluster': z.string().optional(),
  grafana_dashboard: z.literal('1').optional(),
  'pod-security.kubernetes.io/enforce': z.string().optional(),
  'istio-injection': z.string().optional(),
});

const annotations = z.strictObject({
  grafana_folder: z.string().optional(),
  'networking.istio.io/service-type': z.literal('ClusterIP').optional(),
});

/** An object of a kind: of its metadata and beside its spec nothing but what is ours. */
export function object(rest: z.core.$ZodShape) {
  const metadata = z.strictObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: labels.optional(),
    annotations: annotations.optional(),
  });
  return z.strictObject({ apiVersion: z.string(), kind: z.string(), metadata, ...rest });
}

/** An object that is its spec. */
export function withSpec(spec: z.core.$ZodShape) {
  return object({ spec: z.strictObject(spec) });
}

const texts = z.record(z.string(), z.string());

export const podLabels = labels;
/** Of `matchLabels`: who is meant is looked up elsewhere, that somebody in particular is meant is asked here. */
export const matchLabels = texts.refine((named) => Object.keys(named).length > 0, 'means all');
export const named = z.strictObject({ matchLabels });
export const all = z.strictObject({});
/** `app` is one of several. */
export const oneOf = z.strictObject({
  matchExpressions: z.tuple([
    z.strictObject({ key: z.enum(['app', 'strimzi.io/name']), operator: z.literal('In'), values: z.array(z.string()) }),
  ]),
});

/** A duration of Kubernetes' and Istio's, between two numbers of seconds. */
export function seconds(least: number, most: number) {
  const expected = `${least} to ${most} s are expected`;
  return z.string().refine((text) => {
    const [, number, unit = ''] = /^([\d.]+)(ms|s|m|h)$/.exec(text) ?? [];
    const value = Number(number) * ({ ms: 0.001, s: 1, m: 60, h: 3_600 }[unit] ?? Number.NaN);
    return value >= least && value <= most;
  }, expected);
}

export const number = (least: number, most: number) => z.int().min(least).max(most);

export const plainObjects = {
  Namespace: object({}),
  ServiceAccount: object({ automountServiceAccountToken: z.literal(false) }),
  ConfigMap: object({ data: texts }),
  Secret: object({
    type: z.literal('Opaque').optional(),
    data: texts.optional(),
    stringData: texts.optional(),
  }),
};
