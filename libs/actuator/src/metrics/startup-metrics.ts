import { Gauge, type Registry } from 'prom-client';
import type { Lifecycle } from '../lifecycle';

/** How long it took from the start of the process until it took traffic, under both of Spring Boot's names for it; nothing before. */
export function measureStartup(lifecycle: Lifecycle, registry: Registry): void {
  for (const name of ['application_started_time_seconds', 'application_ready_time_seconds']) {
    registry.removeSingleMetric(name);
    const gauge: Gauge = new Gauge({
      name,
      help: 'From the start of the process until it was ready for requests',
      registers: [registry],
      collect() {
        if (lifecycle.readyAfterMs === undefined) gauge.remove();
        else gauge.set(lifecycle.readyAfterMs / 1000);
      },
    });
  }
}
