import { register } from 'prom-client';
import type { HealthComponent } from '../health/health-source';
import { measureHealth } from './health-metrics';

afterEach(() => register.removeSingleMetric('health_component_up'));

it('tells each part of health at every scrape', async () => {
  let mongo: HealthComponent = { status: 'UP' };
  measureHealth({
    overall: () =>
      Promise.resolve({
        status: 'UP',
        components: { mongo, readinessState: { status: 'OUT_OF_SERVICE' }, ping: { status: 'UNKNOWN' } },
      }),
  });
  const samples = async () => (await register.getSingleMetricAsString('health_component_up')).split('\n').slice(2);
  expect(await samples()).toEqual([
    'health_component_up{component="mongo"} 1',
    'health_component_up{component="readinessState"} 0',
    'health_component_up{component="ping"} 1',
  ]);
  mongo = { status: 'DOWN' };
  expect(await samples()).toContain('health_component_up{component="mongo"} 0');
});
