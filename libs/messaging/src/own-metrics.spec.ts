import { Gauge, Registry } from 'prom-client';
import { MessagingMetrics } from './metrics';

const paused = (registry: Registry) => registry.getSingleMetric('consumer_paused');

describe('metrics of messaging', () => {
  it('are those of the newest application of a process', () => {
    const registry = new Registry();
    const [first, second] = [new MessagingMetrics(registry), new MessagingMetrics(registry)];
    expect(paused(registry)).toBe(second.paused);
    expect(paused(registry)).not.toBe(first.paused);
  });

  it.each(['consumer_paused', 'kafka_consumergroup_lag', 'spring_kafka_template_seconds'])(
    'leave %s in the registry that something else put there, and say so',
    (name) => {
      const registry = new Registry();
      const foreign = new Gauge({ name, help: 'of another library', registers: [registry] });
      expect(() => new MessagingMetrics(registry)).toThrow(name);
      expect(registry.getSingleMetric(name)).toBe(foreign);
      expect(() => new MessagingMetrics(registry)).toThrow(name);
      expect(registry.getSingleMetric(name)).toBe(foreign);
    },
  );
});
