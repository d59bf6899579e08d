import type { LeaseState } from '@storefront/reconcile';
import { Counter, Gauge, register } from 'prom-client';

const NAMES = [
  'reconciliation_interval_seconds',
  'reconciliation_last_run_timestamp_seconds',
  'reconciliation_drift',
  'reconciliation_in_flight',
  'reconciliation_failures_total',
];

/**
 * What Prometheus is told of the reconciliation. All instances tell the same, because all of them tell what Orders keeps: a
 * run of another instance, or by hand, counts too.
 */
export class ReconciliationMetrics {
  readonly failures: Counter;
  private readonly lastRun: Gauge;
  private readonly drift: Gauge<'link'>;
  private readonly inFlight: Gauge<'link'>;

  constructor(intervalMs: number) {
    for (const name of NAMES) register.removeSingleMetric(name);
    const gauge = (name: string, help: string) => new Gauge({ name, help });
    const byLink = (name: string, help: string) => new Gauge({ name, help, labelNames: ['link'] });
    gauge('reconciliation_interval_seconds', 'Time between two comparisons of all copies, 0 when it is off').set(
      intervalMs / 1_000,
    );
    this.lastRun = gauge(
      'reconciliation_last_run_timestamp_seconds',
      'When all copies were last compared; before the first time, when this process started',
    );
    this.lastRun.set(Date.now() / 1_000);
    this.drift = byLink(
      'reconciliation_drift',
      'Aggregates whose copy differs from its owner for good, at the last comparison',
    );
    this.inFlight = byLink('reconciliation_in_flight', 'Aggregates that could not be judged at the last comparison');
    this.failures = new Counter({
      name: 'reconciliation_failures_total',
      help: 'Comparisons that did not come to their end',
    });
  }

  tell({ last }: LeaseState): void {
    if (!last) return;
    this.lastRun.set((Date.now() - last.agoMs) / 1_000);
    for (const { link, drift, inFlight } of last.links) {
      this.drift.set({ link }, drift);
      this.inFlight.set({ link }, inFlight);
    }
  }
}
