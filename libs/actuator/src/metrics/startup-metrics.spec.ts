import { Registry } from 'prom-client';
import { Lifecycle } from '../lifecycle';
import { measureDisk } from './disk-metrics';
import { measureStartup } from './startup-metrics';

function samplesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

it('the time until an application was ready is told once it is', async () => {
  const registry = new Registry();
  const lifecycle = new Lifecycle();
  measureStartup(lifecycle, registry);
  expect(samplesOf(await registry.metrics())).toEqual([]);
  lifecycle.ready();
  const [started, ready] = samplesOf(await registry.metrics());
  expect(started).toMatch(/^application_started_time_seconds \d+(\.\d+)?$/);
  expect(ready).toMatch(/^application_ready_time_seconds \d+(\.\d+)?$/);
  lifecycle.drain();
  expect(samplesOf(await registry.metrics())).toEqual([started, ready]);
});

it('the disk has more space than is free', async () => {
  const registry = new Registry();
  measureDisk('.', registry);
  const values = Object.fromEntries(
    samplesOf(await registry.metrics()).map((line) => [line.split('{')[0], Number(line.split(' ').at(-1))]),
  );
  expect(values['disk_free_bytes']).toBeGreaterThan(0);
  expect(values['disk_total_bytes']).toBeGreaterThan(values['disk_free_bytes'] ?? 0);
});
