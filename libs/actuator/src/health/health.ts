import type { Lifecycle } from '../lifecycle';
import type { HealthCheck, HealthComponent, HealthSource } from './health-source';
import { composite, fromTerminus, isHealthComponent } from './status';

/** Names of parts that can be asked for together, as probes do. */
export const healthGroups = ['liveness', 'readiness'] as const;
type Group = (typeof healthGroups)[number];

/**
 * Health as operators and probes see it: everything together, whether to restart the process (liveness), whether to send it
 * traffic (readiness), or one part. A check that throws or takes longer than `checkTimeoutMs` (2500) counts as DOWN.
 */
export class Health {
  constructor(
    private readonly source: HealthSource,
    private readonly lifecycle: Lifecycle,
    private readonly checkTimeoutMs = 2_500,
  ) {}

  async overall(): Promise<HealthComponent> {
    const checks = Object.entries(this.checks());
    const answers = await Promise.all(checks.map(async ([name, check]) => [name, await this.run(check)] as const));
    return composite(Object.fromEntries(answers));
  }

  liveness(): Promise<HealthComponent> {
    return this.group('liveness');
  }

  readiness(): Promise<HealthComponent> {
    return this.group('readiness');
  }

  /** The group or part that a path such as `readiness/mongo` names; undefined where there is none. */
  async at(path: readonly string[]): Promise<HealthComponent | undefined> {
    const [first = '', ...rest] = path;
    const group = healthGroups.find((name) => name === first);
    if (group) return within(await this.group(group), rest);
    const checks = this.checks();
    const check = Object.hasOwn(checks, first) ? checks[first] : undefined;
    return check && within(await this.run(check), rest);
  }

  private async group(group: Group): Promise<HealthComponent> {
    if (group === 'liveness') return composite({ livenessState: this.livenessState() });
    const needed = await Promise.all(
      (this.source.neededForTraffic ?? []).map(async (name): Promise<[string, HealthComponent]> => {
        const check = this.source.healthComponents[name] ?? (() => ({ status: 'UNKNOWN' as const }));
        const part = await this.run(check);
        return [name, { ...part, status: part.status === 'DOWN' ? 'OUT_OF_SERVICE' : part.status }];
      }),
    );
    return composite({ ...Object.fromEntries(needed), readinessState: this.readinessState() });
  }

  private checks(): Record<string, HealthCheck> {
    return {
      ...this.source.healthComponents,
      livenessState: () => this.livenessState(),
      readinessState: () => this.readinessState(),
    };
  }

  private livenessState(): HealthComponent {
    return { status: this.source.needsRestart?.() === true ? 'DOWN' : 'UP' };
  }

  private readinessState(): HealthComponent {
    return { status: this.lifecycle.state === 'ready' ? 'UP' : 'OUT_OF_SERVICE' };
  }

  private async run(check: HealthCheck): Promise<HealthComponent> {
    const timeout = new AbortController();
    try {
      const answer = await Promise.race([check(), this.tooLate(timeout.signal)]);
      return isHealthComponent(answer) ? answer : fromTerminus(answer);
    } catch (error) {
      return { status: 'DOWN', details: { error: error instanceof Error ? error.message : String(error) } };
    } finally {
      timeout.abort();
    }
  }

  private tooLate(signal: AbortSignal): Promise<HealthComponent> {
    const error = `no answer within ${this.checkTimeoutMs} ms`;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.checkTimeoutMs, { status: 'DOWN', details: { error } });
      signal.addEventListener('abort', () => clearTimeout(timer));
    });
  }
}

function within(
  component: HealthComponent | undefined,
  [name, ...rest]: readonly string[],
): HealthComponent | undefined {
  if (name === undefined) return component;
  const components = component?.components;
  return components && Object.hasOwn(components, name) ? within(components[name], rest) : undefined;
}
