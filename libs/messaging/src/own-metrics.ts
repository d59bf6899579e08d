import { type Metric, Registry } from 'prom-client';

const shown = new WeakMap<Registry, Registry>();

/**
 * Shows the metrics of `own` in `registry` too, all or none, in place of those that an earlier application of this process
 * (tests start several) showed there. A metric of the same name that something else registered stays: the error names it.
 */
export function showMetrics(own: Registry, registry: Registry): void {
  const earlier = metricsOf(shown.get(registry));
  for (const [name, metric] of earlier) {
    if (registry.getSingleMetric(name) === metric) registry.removeSingleMetric(name);
  }
  const metrics = metricsOf(own);
  const taken = [...metrics.keys()].find((name) => registry.getSingleMetric(name) !== undefined);
  if (taken !== undefined)
    throw new Error(`The metric ${taken} of messaging cannot be registered: something else has registered that name.`);
  for (const metric of metrics.values()) registry.registerMetric(metric);
  shown.set(registry, own);
}

function metricsOf(registry = new Registry()): Map<string, Metric> {
  return new Map(
    registry.getMetricsAsArray().flatMap(({ name }) => {
      const metric = registry.getSingleMetric(name);
      return metric ? [[name, metric] as const] : [];
    }),
  );
}
