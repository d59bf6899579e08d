import type { Registry } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

interface Measurement {
  statistic: 'COUNT' | 'TOTAL_TIME' | 'TOTAL' | 'MAX' | 'VALUE';
  value: number;
}

interface Sample extends Measurement {
  labels: Labels;
}

/** A metric as `/actuator/metrics/{name}` tells it. */
export interface MetricView {
  name: string;
  description: string;
  baseUnit?: string;
  measurements: Measurement[];
  availableTags: { tag: string; values: string[] }[];
}

export interface Tag {
  tag: string;
  value: string;
}

interface Family {
  name: string;
  description: string;
  baseUnit: string | undefined;
  samples: Sample[];
}

interface PromMetric {
  name: string;
  help: string;
  type: string;
  values: { value: number; labels: Record<string, string | number>; metricName?: string }[];
}

const units = ['seconds', 'bytes', 'threads', 'files', 'classes', 'buffers'];
const unitsInName: Readonly<Record<string, string>> = { 'logback.events': 'events' };

/** Micrometer's dotted names of a registry's metrics, sorted. */
export async function metricNames(registry: Registry): Promise<string[]> {
  return [...(await families(registry)).keys()].toSorted();
}

/** The metric summed up over the series with these tags; undefined where there is none. `common` are labels of every series. */
export async function metricView(
  registry: Registry,
  name: string,
  tags: readonly Tag[] = [],
  common: Labels = {},
): Promise<MetricView | undefined> {
  const family = (await families(registry)).get(name);
  const labelled = family?.samples.map((sample) => ({ ...sample, labels: { ...common, ...sample.labels } })) ?? [];
  const samples = labelled.filter(({ labels }) => tags.every(({ tag, value }) => labels[tag] === value));
  if (!family || samples.length === 0) return undefined;
  const { description, baseUnit } = family;
  return {
    name,
    description,
    ...(baseUnit && { baseUnit }),
    measurements: measurementsOf(samples),
    availableTags: tagsOf(samples, new Set(tags.map(({ tag }) => tag))),
  };
}

async function families(registry: Registry): Promise<Map<string, Family>> {
  const metrics = (await registry.getMetricsAsJSON()) as unknown as PromMetric[];
  const timers = new Set(
    metrics.filter(({ type }) => type === 'histogram' || type === 'summary').map(({ name }) => name),
  );
  const found = new Map<string, Family>();
  for (const metric of metrics) {
    const isMax = metric.name.endsWith('_max') && timers.has(metric.name.slice(0, -'_max'.length));
    const { name, baseUnit } = dotted(isMax ? metric.name.slice(0, -'_max'.length) : metric.name);
    const family = found.get(name) ?? { name, description: metric.help, baseUnit, samples: [] };
    found.set(name, family);
    family.samples.push(...samplesOf(metric, isMax));
  }
  return found;
}

/** Prometheus' name without `_total` and its unit, with dots. */
function dotted(prometheus: string): { name: string; baseUnit: string | undefined } {
  const base = prometheus.replace(/_total$/, '');
  const unit = units.find((each) => base.endsWith(`_${each}`));
  const name = (unit ? base.slice(0, -unit.length - 1) : base).replaceAll('_', '.');
  return { name, baseUnit: unit ?? unitsInName[name] };
}

function samplesOf({ name, type, values }: PromMetric, isMax: boolean): Sample[] {
  return values.flatMap(({ value, labels, metricName = name }) => {
    const statistic = isMax ? 'MAX' : statisticOf(metricName, name, type);
    const texts = Object.fromEntries(Object.entries(labels).map(([label, text]) => [label, String(text)]));
    return statistic ? [{ statistic, value, labels: texts }] : [];
  });
}

function statisticOf(sample: string, name: string, type: string): Measurement['statistic'] | undefined {
  if (type === 'counter') return 'COUNT';
  if (type === 'gauge') return 'VALUE';
  if (sample === `${name}_count`) return 'COUNT';
  if (sample === `${name}_sum`) return name.endsWith('_seconds') ? 'TOTAL_TIME' : 'TOTAL';
  return undefined;
}

function measurementsOf(samples: readonly Sample[]): Measurement[] {
  const measured = new Map<Measurement['statistic'], number>();
  for (const { statistic, value } of samples) {
    const before = measured.get(statistic);
    const together = statistic === 'MAX' ? Math.max(before ?? 0, value) : (before ?? 0) + value;
    measured.set(statistic, together);
  }
  const order: Measurement['statistic'][] = ['COUNT', 'TOTAL_TIME', 'TOTAL', 'MAX', 'VALUE'];
  return order.flatMap((statistic) => {
    const value = measured.get(statistic);
    return value === undefined ? [] : [{ statistic, value }];
  });
}

function tagsOf(samples: readonly Sample[], used: ReadonlySet<string>): { tag: string; values: string[] }[] {
  const values = new Map<string, Set<string>>();
  for (const { labels } of samples) {
    for (const [tag, value] of Object.entries(labels)) {
      if (!used.has(tag)) values.set(tag, (values.get(tag) ?? new Set()).add(value));
    }
  }
  const tags = [...values].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return tags.map(([tag, set]) => ({ tag, values: [...set].toSorted() }));
}
