import { Histogram, type Registry } from 'prom-client';

/** How long something took, by labels. */
export interface Timer {
  observe(labels: Readonly<Record<string, string>>, seconds: number): void;
}

export interface TimerOptions {
  /** With its unit: `spring_kafka_listener_seconds`. */
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly registry: Registry;
}

/** Makes timers; the application may have one that tells more than count and sum. */
export type TimerFactory = (options: TimerOptions) => Timer;

/** `_count` and `_sum`. */
export const plainTimer: TimerFactory = ({ name, help, labelNames, registry }) => {
  const histogram = new Histogram({ name, help, labelNames, buckets: [], registers: [registry] });
  return { observe: (labels, seconds) => histogram.observe(labels, seconds) };
};
