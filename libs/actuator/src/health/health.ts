import type { Lifecycle } from '../lifecycle';
import type { HealthGroup, HealthGroups } from './health-groups';
import type { HealthCheck, HealthComponent, HealthSource } from './health-source';
import { composite, fromTerminus, isHealthComponent } from './status';

/** Parts that probes ask for together. */
const probes = ['liveness', 'readiness'] as const;

/**
 * Health as operators and probes see it: everything together, whether to restart the process (liveness), whether to send it
 * traffic (readiness), or one part. A check that throws or takes longer than `checkTimeoutMs` (2500) counts as DOWN.
 * Throws where a group of `groups` has a part that there is not.
 */
export class Health {
  constructor(
    private readonly source: HealthSource,
    private readonly lifecycle: Lifecycle,
    private readonly checkTimeoutMs = 2_500,
    private readonly groups: HealthGroups = new Map(),
  ) {
    const parts = Object.keys(this.checks());
    for (const [name, { include, exclude }] of groups) {
      const unknown = [...include, ...exclude].find((part) => part !== '*' && !parts.includes(part));
      if (unknown === undefined) continue;
      throw new Error(`The group ${name} of health has '${unknown}', which is none of ${parts.join(', ')}.`);
    }
  }

  /** Of the groups, sorted. */
  get groupNames(): string[] {
    return [...new Set<string>([...probes, ...this.groups.keys()])].toSorted();
  }

  overall(): Promise<HealthComponent> {
    return this.together(() => true);
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
    if (this.groupNames.includes(first)) return within(await this.group(first), rest);
    const checks = this.checks();
    const check = Object.hasOwn(checks, first) ? checks[first] : undefined;
    return check && within(await this.run(check), rest);
  }

  private async group(name: string): Promise<HealthComponent> {
    const told = this.groups.get(name);
    if (told) return this.together((part) => isMember(told, part));
    if (name === 'liveness') return composite({ livenessState: this.livenessState() });
    const needed = await Promise.all(
      (this.source.neededForTraffic ?? []).map(async (name): Promise<[string, HealthComponent]> => {
        const check = this.source.healthComponents[name] ?? (() => ({ status: 'UNKNOWN' as const }));
        const part = await this.run(check);
        return [name, { ...part, status: part.status === 'DOWN' ? 'OUT_OF_SERVICE' : part.status }];
      }),
    );
    return composite({ ...Object.fromEntries(needed), readinessState: this.readinessState() });
  }

  private async together(isWanted: (part: string) => boolean): Promise<HealthComponent> {
    const checks = Object.entries(this.checks()).filter(([name]) => isWanted(name));
    const answers = await Promise.all(checks.map(async ([name, check]) => [name, await this.run(check)] as const));
    return composite(Object.fromEntries(answers));
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

function isMember({ include, exclude }: HealthGroup, part: string): boolean {
  const isIncluded = include.length === 0 || include.includes('*') || include.includes(part);
  return isIncluded && !exclude.includes('*') && !exclude.includes(part);
}

function within(
  component: HealthComponent | undefined,
  [name, ...rest]: readonly string[],
): HealthComponent | undefined {
  if (name === undefined) return component;
  const components = component?.components;
  return components && Object.hasOwn(components, name) ? within(components[name], rest) : undefined;
}
