import { Counter, Gauge, Registry } from 'prom-client';
import { metricNames, metricView } from './metric-views';
import { micrometerTimer } from './micrometer-timer';

let registry: Registry;

beforeEach(() => {
  registry = new Registry();
  const registers = [registry];
  const memory = new Gauge({ name: 'jvm_memory_used_bytes', help: 'used', labelNames: ['area', 'id'], registers });
  memory.set({ area: 'heap', id: 'old' }, 3);
  memory.set({ area: 'heap', id: 'new' }, 4);
  memory.set({ area: 'nonheap', id: 'external' }, 5);
  new Counter({ name: 'logback_events_total', help: 'lines', labelNames: ['level'], registers }).inc({ level: 'info' });
  new Gauge({ name: 'system_load_average_1m', help: 'load', registers }).set(0.5);
  const timer = micrometerTimer({ name: 'http_server_requests_seconds', help: 'time', labelNames: ['uri'], registry });
  timer.observe({ uri: '/a' }, 1);
  timer.observe({ uri: '/a' }, 3);
  timer.observe({ uri: 'x:y' }, 2);
});

describe('the names of metrics', () => {
  it("are Micrometer's, sorted", async () => {
    expect(await metricNames(registry)).toEqual([
      'http.server.requests',
      'jvm.memory.used',
      'logback.events',
      'system.load.average.1m',
    ]);
  });
});

describe('a metric', () => {
  it('is summed up over its series, and tells the tags there are', async () => {
    expect(await metricView(registry, 'jvm.memory.used')).toEqual({
      name: 'jvm.memory.used',
      description: 'used',
      baseUnit: 'bytes',
      measurements: [{ statistic: 'VALUE', value: 12 }],
      availableTags: [
        { tag: 'area', values: ['heap', 'nonheap'] },
        { tag: 'id', values: ['external', 'new', 'old'] },
      ],
    });
  });

  it('is told for the tags asked for, and these are not told again', async () => {
    expect(await metricView(registry, 'jvm.memory.used', [{ tag: 'area', value: 'heap' }])).toMatchObject({
      measurements: [{ statistic: 'VALUE', value: 7 }],
      availableTags: [{ tag: 'id', values: ['new', 'old'] }],
    });
  });

  it('of time has count, sum and the longest', async () => {
    expect(await metricView(registry, 'http.server.requests')).toMatchObject({
      baseUnit: 'seconds',
      measurements: [
        { statistic: 'COUNT', value: 3 },
        { statistic: 'TOTAL_TIME', value: 6 },
        { statistic: 'MAX', value: 3 },
      ],
    });
  });

  it('that counts has a count', async () => {
    expect(await metricView(registry, 'logback.events')).toMatchObject({
      baseUnit: 'events',
      measurements: [{ statistic: 'COUNT', value: 1 }],
    });
  });

  it('is not there under another name, or with other tags', async () => {
    expect(await metricView(registry, 'zzz')).toBeUndefined();
    expect(await metricView(registry, 'logback.events', [{ tag: 'level', value: 'loud' }])).toBeUndefined();
  });
});
