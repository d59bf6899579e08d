import { Gauge, register } from 'prom-client';
import type { Health } from '../health/health';

const name = 'health_component_up';

/** The parts of `/actuator/health` as `health_component_up{component}`, asked for at every scrape: 1 UP (or UNKNOWN), 0 anything else. */
export function measureHealth(health: Pick<Health, 'overall'>): void {
  register.removeSingleMetric(name);
  const gauge: Gauge<'component'> = new Gauge({
    name,
    help: 'Whether a part of the health of this application is UP',
    labelNames: ['component'],
    async collect() {
      const { components = {} } = await health.overall();
      for (const [component, { status }] of Object.entries(components)) {
        gauge.set({ component }, status === 'UP' || status === 'UNKNOWN' ? 1 : 0);
      }
    },
  });
}
