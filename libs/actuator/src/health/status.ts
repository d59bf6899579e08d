import type { HealthIndicatorResult } from '@nestjs/terminus';
import type { HealthComponent, HealthStatus } from './health-source';

const severity: Readonly<Record<HealthStatus, number>> = { UNKNOWN: 0, UP: 1, OUT_OF_SERVICE: 2, DOWN: 3 };

/** The worst of the parts; UNKNOWN where there are none. */
export function aggregate(components: Readonly<Record<string, HealthComponent>>): HealthStatus {
  const statuses = Object.values(components).map(({ status }) => status);
  return statuses.toSorted((a, b) => severity[b] - severity[a])[0] ?? 'UNKNOWN';
}

/** Of a part whose own parts say how it is, from the names in order. */
export function composite(components: Readonly<Record<string, HealthComponent>>): HealthComponent {
  const sorted = Object.entries(components).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { status: aggregate(components), components: Object.fromEntries(sorted) };
}

/** What an indicator of `@nestjs/terminus` says, in Spring's shape. `degraded` still serves: UP, and the details say so. */
export function fromTerminus(result: HealthIndicatorResult): HealthComponent {
  const parts = Object.entries(result).map(([name, { status, ...details }]): [string, HealthComponent] => {
    const told = { ...details, ...(status === 'degraded' && { degraded: true }) };
    return [
      name,
      { status: status === 'down' ? 'DOWN' : 'UP', ...(Object.keys(told).length > 0 && { details: told }) },
    ];
  });
  const [only] = parts;
  return parts.length === 1 && only ? only[1] : composite(Object.fromEntries(parts));
}

export function isHealthComponent(answer: HealthComponent | HealthIndicatorResult): answer is HealthComponent {
  return typeof answer.status === 'string';
}
