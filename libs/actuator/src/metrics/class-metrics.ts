import { Counter, Gauge, type Registry } from 'prom-client';

/**
 * CommonJS modules as what classes are to a JVM. Dashboards for Spring Boot find the instances there are by this metric, and show
 * nothing at all without it.
 */
export function measureClasses(registry: Registry): void {
  for (const name of ['jvm_classes_loaded_classes', 'jvm_classes_unloaded_classes_total'])
    registry.removeSingleMetric(name);
  new Gauge({
    name: 'jvm_classes_loaded_classes',
    help: 'CommonJS modules that are loaded',
    registers: [registry],
    collect() {
      this.set(Object.keys(require.cache).length);
    },
  });
  new Counter({
    name: 'jvm_classes_unloaded_classes_total',
    help: 'Modules that were unloaded: Node never does',
    registers: [registry],
  });
}
