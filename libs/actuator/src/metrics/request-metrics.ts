import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type MicrometerTimer, micrometerTimer, type TimerSeries } from './micrometer-timer';

const labelNames = ['exception', 'method', 'outcome', 'status', 'uri'];
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const outcomes = ['UNKNOWN', 'INFORMATIONAL', 'SUCCESS', 'REDIRECTION', 'CLIENT_ERROR', 'SERVER_ERROR'];
const knownMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** More than any application has; beyond it, everything goes into one series. */
const mostSeries = 2_000;

export interface RequestMetricsOptions {
  /** The error that a request was answered with, where there was one: its class is the label `exception`. */
  exceptionOf?: (request: FastifyRequest) => unknown;
}

/**
 * Times every request as Micrometer names it: `http_server_requests_seconds` with the route's template as `uri`, and `…_max`
 * over the last minutes. Paths without a route are one series, `NOT_FOUND`: what clients make up costs no memory.
 */
export function measureRequests(
  instance: FastifyInstance,
  { exceptionOf = () => undefined }: RequestMetricsOptions = {},
): void {
  const help = 'Time to answer HTTP requests';
  const timer = micrometerTimer({ name: 'http_server_requests_seconds', help, labelNames, buckets });
  const series = new Map<string, TimerSeries>();
  instance.addHook('onResponse', (request, reply, done) => {
    const url = request.is404 ? undefined : request.routeOptions.url;
    const exception = nameOf(reply.statusCode < 400 || url === undefined ? undefined : exceptionOf(request));
    const key = `${request.method} ${reply.statusCode} ${exception} ${url}`;
    let known = series.get(key);
    if (known === undefined) {
      known = newSeries(timer, labelsOf(request, reply, { url, exception }), series.size);
      if (series.size < mostSeries) series.set(key, known);
    }
    known.observe(reply.elapsedTime / 1000);
    done();
  });
}

function newSeries(timer: MicrometerTimer, labels: Record<string, string>, count: number): TimerSeries {
  return timer.series(count < mostSeries ? labels : { ...labels, exception: 'UNKNOWN', uri: 'UNKNOWN' });
}

function labelsOf(
  { method }: FastifyRequest,
  { statusCode }: FastifyReply,
  { url, exception }: { url: string | undefined; exception: string },
): Record<string, string> {
  return {
    exception,
    method: knownMethods.includes(method) ? method : 'UNKNOWN',
    outcome: outcomes[Math.floor(statusCode / 100)] ?? 'UNKNOWN',
    status: String(statusCode),
    uri: uriOf(url, statusCode),
  };
}

function uriOf(url: string | undefined, statusCode: number): string {
  if (url === undefined || url === '*') return statusCode >= 300 && statusCode < 400 ? 'REDIRECTION' : 'NOT_FOUND';
  return url === '/' ? 'root' : url.replace(/:([^/]+)/g, '{$1}').replace(/\*$/, '**');
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name || error.name : 'None';
}
