/** How far a load client's own figures may be from each other before they are not believed. */
export const TOLERANCE = 0.05;

export interface ClosedLoop {
  /** Requests that were under way at any time, by design. */
  readonly concurrency: number;
  readonly ratePerSecond: number;
  readonly meanLatencyMs: number;
}

/**
 * Little's law: what is under way = rate × mean time under way. Returns how much more (or less, negative) the measured rate and
 * latency say than there were, as a share: a client that is late to send, or that times something else than it counts, shows here.
 */
export function littlesLawDeviation({ concurrency, ratePerSecond, meanLatencyMs }: ClosedLoop): number {
  return (ratePerSecond * meanLatencyMs) / 1_000 / concurrency - 1;
}
