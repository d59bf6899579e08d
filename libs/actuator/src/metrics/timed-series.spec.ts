import { Histogram, Registry } from 'prom-client';
import { micrometerTimer } from './micrometer-timer';

const options = { name: 'work_seconds', help: 'Work', labelNames: ['kind', 'result'], buckets: [0.5, 0.1, 2] };
const observed = [0.05, 0.1, 0.3, 2, 5];
const labels = { kind: 'a', result: 'ok' };

it("tells what prom-client's own histogram would tell, in both forms", async () => {
  const [ours, theirs] = [new Registry(), new Registry()];
  const timer = micrometerTimer({ ...options, registry: ours });
  const histogram = new Histogram({ ...options, buckets: [0.1, 0.5, 2], registers: [theirs] });
  for (const seconds of observed) timer.series(labels).observe(seconds);
  timer.observe({ kind: 'b', result: 'ok' }, 1);
  for (const seconds of observed) histogram.observe(labels, seconds);
  histogram.observe({ kind: 'b', result: 'ok' }, 1);
  expect(await ours.getSingleMetricAsString('work_seconds')).toBe(await theirs.getSingleMetricAsString('work_seconds'));
  const json = async (registry: Registry) => (await registry.getSingleMetric('work_seconds')?.get()) ?? {};
  // who has no exemplars does not say so each time
  expect(await json(theirs)).toMatchObject(await json(ours));
});

it('begins anew with its registry', async () => {
  const registry = new Registry();
  const timer = micrometerTimer({ ...options, registry });
  timer.observe(labels, 1);
  registry.resetMetrics();
  expect(await registry.getSingleMetricAsString('work_seconds')).not.toContain('kind');
});

it('takes times only', () => {
  const timer = micrometerTimer({ ...options, registry: new Registry() });
  expect(() => timer.observe(labels, NaN)).toThrow('NaN is no time');
});
