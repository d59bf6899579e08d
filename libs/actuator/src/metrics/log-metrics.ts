import { Counter, register, type Registry } from 'prom-client';

const levels = ['error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof levels)[number];

/** Counts lines that made it into the log as `logback_events_total{level}`, the name that dashboards know. */
export function logEvents(registry: Registry = register): (level: LogLevel) => void {
  const name = 'logback_events_total';
  registry.removeSingleMetric(name);
  const counter = new Counter({ name, help: 'Lines in the log', labelNames: ['level'], registers: [registry] });
  const children = Object.fromEntries(levels.map((level) => [level, counter.labels({ level })]));
  for (const child of Object.values(children)) child.inc(0);
  return (level) => children[level]?.inc();
}
