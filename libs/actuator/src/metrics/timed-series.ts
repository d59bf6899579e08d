import { Histogram, type MetricObjectWithValues, type MetricValueWithName } from 'prom-client';
import { RollingMax } from './rolling-max';

/** Labels that several values share are written once. */
type TimedValue = MetricValueWithName<string> & { readonly sharedLabels: Readonly<Record<string, string>> };
type Told = Promise<MetricObjectWithValues<MetricValueWithName<string>>>;

declare module 'prom-client' {
  interface Histogram {
    /** What both its texts and `get` are made from; left out of its types. */
    getForPromString(): Told;
  }
}

/** How long something took, for one combination of labels: numbers, until somebody asks. */
export class TimedSeries {
  readonly max = new RollingMax();
  /** By bucket, the last for what is above all bounds. */
  private readonly counts: number[];
  private sum = 0;

  constructor(
    readonly labels: Readonly<Record<string, string>>,
    /** Upper ones, seconds, rising. */
    private readonly bounds: readonly number[],
  ) {
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(seconds: number): void {
    if (!Number.isFinite(seconds)) throw new TypeError(`${seconds} is no time`);
    let bucket = 0;
    for (const bound of this.bounds) {
      if (seconds <= bound) break;
      bucket++;
    }
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += seconds;
    this.max.add(seconds);
  }

  /** As prom-client writes a histogram: each bucket with those below it. */
  values(name: string): TimedValue[] {
    const { labels: sharedLabels } = this;
    let count = 0;
    const buckets = this.counts.map((own, index) => {
      count += own;
      return { labels: { le: this.bounds[index] ?? '+Inf' }, sharedLabels, value: count, metricName: `${name}_bucket` };
    });
    return [
      ...buckets,
      { labels: {}, sharedLabels, value: this.sum, metricName: `${name}_sum` },
      { labels: {}, sharedLabels, value: count, metricName: `${name}_count` },
    ];
  }
}

/**
 * prom-client's histogram, told by series of our own: its own `observe` takes the labels apart and makes a text of them each
 * time, also for one combination that is kept, and costs more than all else that measures a request.
 */
export class SeriesHistogram extends Histogram {
  private readonly known = new Map<string, TimedSeries>();

  get all(): Iterable<TimedSeries> {
    return this.known.values();
  }

  /** The one of this key, made at its first use. */
  series(key: string, make: () => TimedSeries): TimedSeries {
    const found = this.known.get(key);
    if (found) return found;
    const made = make();
    this.known.set(key, made);
    return made;
  }

  override async getForPromString(): Told {
    const told = await super.getForPromString();
    return { ...told, values: [...this.known.values()].flatMap((series) => series.values(told.name)) };
  }

  override reset(): void {
    super.reset();
    this.known?.clear();
  }
}
