import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge, type Registry } from 'prom-client';

/** Between two looks at how late the event loop is; every look wakes an idle process. */
const RESOLUTION_MS = 50;

const MEASURES = {
  nodejs_eventloop_lag_min_seconds: ['Shortest delay of the event loop since the last scrape', 'min'],
  nodejs_eventloop_lag_max_seconds: ['Longest delay of the event loop since the last scrape', 'max'],
  nodejs_eventloop_lag_mean_seconds: ['Mean delay of the event loop since the last scrape', 'mean'],
  nodejs_eventloop_lag_p50_seconds: ['Half of the delays since the last scrape were shorter', 50],
  nodejs_eventloop_lag_p90_seconds: ['90 % of the delays since the last scrape were shorter', 90],
  nodejs_eventloop_lag_p99_seconds: ['99 % of the delays since the last scrape were shorter', 99],
} as const;

/**
 * Replaces prom-client's gauges `nodejs_eventloop_lag_{min,max,mean,p50,p90,p99}_seconds` by delays without the interval at
 * which they are sampled: Node's histogram counts the time between two looks, so that prom-client tells of an idle process
 * that it is late by the whole interval. The values are of the time since the last scrape; at rest they are about 0.
 */
export function measureEventLoopLag(registry: Registry): void {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const seconds = new Map<string, number>();
  let readAtMs = -Infinity;
  const read = () => {
    // one scrape asks six times
    if (performance.now() - readAtMs < RESOLUTION_MS) return;
    readAtMs = performance.now();
    for (const [name, [, measure]] of Object.entries(MEASURES)) {
      const nanoseconds = typeof measure === 'number' ? histogram.percentile(measure) : histogram[measure];
      seconds.set(name, histogram.count === 0 ? 0 : Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1000));
    }
    histogram.reset();
  };
  for (const [name, [help]] of Object.entries(MEASURES)) {
    registry.removeSingleMetric(name);
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        read();
        this.set(seconds.get(name) ?? 0);
      },
    });
  }
}
