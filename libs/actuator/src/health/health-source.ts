import type { HealthIndicatorResult } from '@nestjs/terminus';

export type HealthStatus = 'UP' | 'OUT_OF_SERVICE' | 'DOWN' | 'UNKNOWN';

/** A part of health: its status, what it says of itself, and the parts it is made of. */
export interface HealthComponent {
  status: HealthStatus;
  details?: object;
  components?: Readonly<Record<string, HealthComponent>>;
}

/** Asks a part how it is: answers in Spring's shape or as an indicator of `@nestjs/terminus` does. One that throws is DOWN. */
export type HealthCheck = () =>
  HealthComponent | HealthIndicatorResult | Promise<HealthComponent | HealthIndicatorResult>;

/** What an application's health is made of. Structural: whoever knows the parts need not know this library. */
export interface HealthSource {
  /** The parts by the name they have in `/actuator/health`. */
  readonly healthComponents: Readonly<Record<string, HealthCheck>>;
  /** Parts without which the application can answer nothing: when one is down, readiness is OUT_OF_SERVICE. None by default. */
  readonly neededForTraffic?: readonly string[];
  /** True when only a restart of the process can help: liveness is DOWN. Never by default. */
  needsRestart?(): boolean;
}
