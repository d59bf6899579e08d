import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { measureEventLoopLag } from './event-loop-lag';

const registry = new Registry();
measureEventLoopLag(registry);

async function lagMs(measure: string): Promise<number> {
  const metrics = await registry.getMetricsAsJSON();
  const found = metrics.find(({ name }) => name === `nodejs_eventloop_lag_${measure}_seconds`);
  return (found?.values[0]?.value ?? Number.NaN) * 1_000;
}

it('is about 0 at rest: the interval between two looks is not told as a delay', async () => {
  await sleep(400);
  expect(await lagMs('min')).toBeLessThan(40);
});

it('is what the loop was blocked for, and that once', async () => {
  await registry.getMetricsAsJSON();
  await sleep(120);
  const until = performance.now() + 400;
  while (performance.now() < until);
  await sleep(120);
  expect(await lagMs('max')).toBeGreaterThan(300);
  await sleep(120);
  expect(await lagMs('max')).toBeLessThan(300);
});
