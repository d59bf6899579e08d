import { type Metric, type OpenMetricsContentType, Registry } from 'prom-client';

/** As Micrometer writes it. */
export const textType = 'text/plain; version=0.0.4;charset=utf-8';
export const openMetricsType = 'application/openmetrics-text; version=1.0.0;charset=utf-8';

const suffixes = /_(total|count|sum|max|bucket)$/;

export interface ExpositionOptions {
  openMetrics?: boolean;
  included?: readonly string[] | undefined;
  /** Of every series. */
  labels?: Readonly<Record<string, string>>;
}

/**
 * A registry's metrics as text. `included` are names of metrics or of their samples; all where it is left out. OpenMetrics
 * is written from views of the metrics, because prom-client 15 takes `_total` off the names of the counters it writes so.
 */
export function expositionOf(
  registry: Registry,
  { openMetrics = false, included, labels = {} }: ExpositionOptions = {},
): Promise<string> {
  const metrics = registry.getMetricsAsArray() as unknown as (Metric & { name: string })[];
  const wanted = included && new Set(included.flatMap((name) => [name, name.replace(suffixes, '')]));
  const chosen = metrics.filter(({ name }) => !wanted || wanted.has(name) || wanted.has(name.replace(suffixes, '')));
  const view = openMetrics ? new Registry<OpenMetricsContentType>() : new Registry();
  if (openMetrics) (view as Registry<OpenMetricsContentType>).setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  view.setDefaultLabels(labels);
  for (const metric of chosen) view.registerMetric(Object.create(metric) as Metric);
  return view.metrics();
}
