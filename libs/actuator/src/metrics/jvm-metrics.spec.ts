import { Registry } from 'prom-client';
import { measureMemoryAndThreads } from './jvm-metrics';

it.each(['heap', 'nonheap'])('the memory in use of the %s is a share of the most there can be', async (area) => {
  const registry = new Registry();
  measureMemoryAndThreads(registry);
  // what dashboards divide: the sum over the spaces
  const sum = async (name: string) => {
    const { values = [] } = (await registry.getSingleMetric(name)?.get()) ?? {};
    return values.filter(({ labels }) => labels['area'] === area).reduce((all, { value }) => all + value, 0);
  };
  const [used, max] = [await sum('jvm_memory_used_bytes'), await sum('jvm_memory_max_bytes')];
  expect(used / max).toBeGreaterThan(0);
  expect(used / max).toBeLessThan(1);
});
