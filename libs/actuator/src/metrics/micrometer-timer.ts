import { Gauge, register, type Registry } from 'prom-client';
import { SeriesHistogram, TimedSeries } from './timed-series';

export interface TimerOptions {
  /** With its unit: `http_server_requests_seconds`. */
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** prom-client's own by default. */
  readonly registry?: Registry;
  /** Upper bounds of a histogram, seconds; none by default: count and sum. */
  readonly buckets?: readonly number[];
}

/** One series of a timer, for those that keep it. */
export interface TimerSeries {
  observe(seconds: number): void;
}

export interface MicrometerTimer {
  observe(labels: Readonly<Record<string, string>>, seconds: number): void;
  /** The series of these labels: cheaper to observe than by labels. */
  series(labels: Readonly<Record<string, string>>): TimerSeries;
}

/**
 * A timer as Micrometer tells it to Prometheus: `_count`, `_sum`, and `_max` of the last one to two minutes. One of the
 * same name takes the place of an earlier one. Labels must have few values: every combination is kept.
 */
export function micrometerTimer(options: TimerOptions): MicrometerTimer {
  const { name, help, labelNames, registry = register, buckets = [] } = options;
  registry.removeSingleMetric(name);
  registry.removeSingleMetric(`${name}_max`);
  const histogram = new SeriesHistogram({ name, help, labelNames, buckets: [...buckets], registers: [registry] });
  new Gauge({
    name: `${name}_max`,
    help,
    labelNames,
    registers: [registry],
    collect() {
      for (const { labels, max } of histogram.all) this.set({ ...labels }, max.value());
    },
  });
  const bounds = buckets.toSorted((a, b) => a - b);
  const series = (labels: Readonly<Record<string, string>>): TimerSeries => {
    const key = labelNames.map((label) => labels[label]).join('\n');
    return histogram.series(key, () => new TimedSeries(labels, bounds));
  };
  return { series, observe: (labels, seconds) => series(labels).observe(seconds) };
}
