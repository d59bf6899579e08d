import type { HealthComponent, HealthSource, HealthStatus } from './health-source';
import type { Lifecycle } from './lifecycle';

export interface HealthReport {
  status: HealthStatus;
  components: Readonly<Record<string, HealthComponent>>;
}

type Check = NonNullable<HealthSource['store']>;

const severity: Readonly<Record<HealthStatus, number>> = { UP: 0, OUT_OF_SERVICE: 1, DOWN: 2 };

/**
 * Health as operators and probes see it: everything together, whether to restart the process (liveness), whether to send it
 * traffic (readiness). A check that throws or takes longer than `checkTimeoutMs` counts as DOWN.
 */
export class Health {
  constructor(
    private readonly source: HealthSource,
    private readonly lifecycle: Lifecycle,
    private readonly checkTimeoutMs = 2_500,
  ) {}

  async overall(): Promise<HealthReport> {
    const { store, kafka, consumer, outbox } = this.source;
    const checks = Object.entries({ mongo: store, kafka, consumer, outbox });
    const answers = await Promise.all(checks.map(async ([name, check]) => [name, await this.run(check)] as const));
    const components = Object.fromEntries(answers.filter(([, answer]) => answer !== undefined));
    return report({ ...components, livenessState: this.livenessState(), readinessState: this.readinessState() });
  }

  liveness(): HealthReport {
    return report({ livenessState: this.livenessState() });
  }

  async readiness(): Promise<HealthReport> {
    const store = await this.run(this.source.store);
    const isStoreUp = store === undefined || store.status === 'UP';
    const readinessState = isStoreUp ? this.readinessState() : ({ status: 'OUT_OF_SERVICE' } as const);
    return report({
      readinessState,
      ...(store && { mongo: { ...store, status: isStoreUp ? 'UP' : 'OUT_OF_SERVICE' } }),
    });
  }

  private livenessState(): HealthComponent {
    return { status: this.source.consumerIsBroken?.() === true ? 'DOWN' : 'UP' };
  }

  private readinessState(): HealthComponent {
    return { status: this.lifecycle.state === 'ready' ? 'UP' : 'OUT_OF_SERVICE' };
  }

  private async run(check: Check | undefined): Promise<HealthComponent | undefined> {
    if (check === undefined) return undefined;
    const timeout = new AbortController();
    try {
      return await Promise.race([check.call(this.source), this.tooLate(timeout.signal)]);
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

function report(components: Record<string, HealthComponent>): HealthReport {
  const statuses = Object.values(components).map(({ status }) => status);
  const status = statuses.toSorted((a, b) => severity[b] - severity[a])[0] ?? 'UP';
  return { status, components };
}
