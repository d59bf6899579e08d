import { littlesLawDeviation } from '../arithmetic/littles-law';
import { mean, percentile } from '../arithmetic/percentiles';

export interface LoadOptions {
  /** Requests under way at any time: each is followed by the next at once. */
  readonly concurrency: number;
  /** Ends after so many ms, after so many requests, or when somebody says so: whichever is given. */
  readonly durationMs?: number;
  readonly requests?: number;
  readonly isOver?: () => boolean;
  /** Sends the n-th request and rejects unless it was answered as it should be. */
  readonly send: (n: number) => Promise<void>;
}

export interface LoadResult {
  readonly requests: number;
  readonly ratePerSecond: number;
  readonly meanLatencyMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** By Little's law: 0 when the client's figures agree with each other. */
  readonly deviation: number;
}

/** Keeps so many requests under way until the time is over; what was under way then counts, and is waited for. */
export async function closedLoop({ concurrency, send, ...limits }: LoadOptions): Promise<LoadResult> {
  const { durationMs = Infinity, requests = Infinity, isOver = () => false } = limits;
  const latencies: number[] = [];
  const begin = performance.now();
  let sent = 0;
  const worker = async () => {
    while (performance.now() < begin + durationMs && sent < requests && !isOver()) {
      const n = sent++;
      const started = performance.now();
      await send(n);
      latencies.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const ratePerSecond = latencies.length / ((performance.now() - begin) / 1_000);
  const meanLatencyMs = mean(latencies);
  return {
    requests: latencies.length,
    ratePerSecond,
    meanLatencyMs,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    deviation: littlesLawDeviation({ concurrency, ratePerSecond, meanLatencyMs }),
  };
}
