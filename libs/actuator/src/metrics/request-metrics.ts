import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Gauge, Histogram, register } from 'prom-client';
import { RollingMax } from './rolling-max';

type Labels = 'exception' | 'method' | 'outcome' | 'status' | 'uri';

interface Series {
  labels: Record<Labels, string>;
  observe(seconds: number): void;
  max: RollingMax;
}

const name = 'http_server_requests_seconds';
const labelNames: Labels[] = ['exception', 'method', 'outcome', 'status', 'uri'];
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const outcomes = ['UNKNOWN', 'INFORMATIONAL', 'SUCCESS', 'REDIRECTION', 'CLIENT_ERROR', 'SERVER_ERROR'];

/** Times every request as Micrometer names it: `http_server_requests_seconds` with the route's template as `uri`, and `…_max` over the last minutes. */
export function measureRequests(instance: FastifyInstance): void {
  register.removeSingleMetric(name);
  register.removeSingleMetric(`${name}_max`);
  const histogram = new Histogram({ name, help: 'Time to answer HTTP requests', labelNames, buckets });
  const series = new Map<string, Series>();
  new Gauge({
    name: `${name}_max`,
    help: 'Slowest answer of the last minutes',
    labelNames,
    collect() {
      for (const { labels, max } of series.values()) this.set(labels, max.value());
    },
  });
  instance.addHook('onResponse', (request, reply, done) => {
    const seconds = reply.elapsedTime / 1000;
    const { observe, max } = seriesOf(request, reply, { series, histogram });
    observe(seconds);
    max.add(seconds);
    done();
  });
}

function seriesOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { series, histogram }: { series: Map<string, Series>; histogram: Histogram<Labels> },
): Series {
  const url = request.is404 ? undefined : request.routeOptions.url;
  const key = `${request.method} ${reply.statusCode} ${url}`;
  const known = series.get(key);
  if (known !== undefined) return known;
  const labels = labelsOf(request.method, reply.statusCode, url);
  const child = histogram.labels(labels);
  const added = { labels, observe: (seconds: number) => child.observe(seconds), max: new RollingMax() };
  series.set(key, added);
  return added;
}

function labelsOf(method: string, statusCode: number, url: string | undefined): Record<Labels, string> {
  const outcome = outcomes[Math.floor(statusCode / 100)] ?? 'UNKNOWN';
  return { exception: 'None', method, outcome, status: String(statusCode), uri: uriOf(url, statusCode) };
}

function uriOf(url: string | undefined, statusCode: number): string {
  if (url === undefined || url === '*') return statusCode >= 300 && statusCode < 400 ? 'REDIRECTION' : 'NOT_FOUND';
  return url === '/' ? 'root' : url.replace(/:([^/]+)/g, '{$1}');
}
