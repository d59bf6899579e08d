import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AlreadyReconciling,
  defaultPatience,
  isClean,
  type LeaseState,
  reconcile,
  type Report,
} from '@storefront/reconcile';
import { ReconciliationMetrics } from './reconciliation-metrics';
import { ServiceAccess } from './service-access';

export interface ReconciliationSchedule {
  /** 0: never. */
  readonly intervalMs: number;
  /** Whether differences that a message can mend are repaired, too; otherwise they are only reported. */
  readonly repair: boolean;
}

/** With a pause between two pages of 500, so that a comparison leaves the stores time for their own work. */
const IN_THE_BACKGROUND = { ...defaultPatience, pagePauseMs: 200 };
const LONGEST_LOOK_MS = 30_000;
const LONGEST_REST_MS = 300_000;
const LONGEST_STOP_MS = 2_000;
/** Longer than a holder may be silent: one that died does not keep this one from its work. */
const DEAD_AFTER_MS = 30_000;

interface Run {
  readonly repair: boolean;
  readonly waitMs: number;
  readonly isWanted?: (state: LeaseState) => boolean;
}

/**
 * Compares all copies with their owners at an interval, and repairs them if it is told to. Orders keeps when that was done last
 * and who is at it, so that of several instances one does it, and a restart does not do it again.
 */
@Injectable()
export class ScheduledReconciliation implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Reconciliation');
  private readonly metrics: ReconciliationMetrics;
  private timer: NodeJS.Timeout | undefined;
  private readonly stop = new AbortController();
  /** The timer's, and what somebody has asked for beside it. */
  private readonly working = new Set<Promise<unknown>>();
  private restUntil = 0;
  /** The last report of this process. */
  last: object | undefined;

  constructor(
    private readonly services: ServiceAccess,
    private readonly schedule: ReconciliationSchedule,
  ) {
    this.metrics = new ReconciliationMetrics(schedule.intervalMs);
  }

  get isOn(): boolean {
    return this.schedule.intervalMs > 0;
  }

  get lookMs(): number {
    return Math.min(LONGEST_LOOK_MS, Math.max(500, this.schedule.intervalMs / 10));
  }

  onApplicationBootstrap(): void {
    if (!this.isOn) return;
    if (this.services.hasCredential) this.wait();
    else
      this.logger.warn(
        'Copies are not compared by themselves: MANAGEMENT_USERNAME and MANAGEMENT_PASSWORD are not set.',
      );
  }

  async onModuleDestroy(): Promise<void> {
    clearTimeout(this.timer);
    this.stop.abort();
    await Promise.race([Promise.allSettled(this.working), sleep(LONGEST_STOP_MS, undefined, { ref: false })]);
  }

  /** Throws AlreadyReconciling while another process is at it for longer than `waitMs`. */
  async run({ repair, waitMs, ...more }: Run): Promise<Report> {
    const { clients, topicPrefix } = this.services;
    const { signal } = this.stop;
    const running = reconcile({
      services: clients,
      topicPrefix,
      patience: IN_THE_BACKGROUND,
      repair,
      waitMs,
      signal,
      ...more,
    });
    this.working.add(running);
    try {
      const report = await running;
      this.last = { at: new Date().toISOString(), clean: isClean(report), ...report };
      return report;
    } finally {
      this.working.delete(running);
    }
  }

  private wait(): void {
    if (this.stop.signal.aborted) return;
    this.timer = setTimeout(() => void this.look().finally(() => this.wait()), this.lookMs);
    this.timer.unref();
  }

  private async look(): Promise<void> {
    try {
      const state = await this.services.clients.orders.lease();
      this.metrics.tell(state);
      if (!this.isDue(state)) return;
      this.say(
        await this.run({ repair: this.schedule.repair, waitMs: DEAD_AFTER_MS, isWanted: (now) => this.isDue(now) }),
      );
      this.metrics.tell(await this.services.clients.orders.lease());
    } catch (error) {
      if (error instanceof AlreadyReconciling || this.stop.signal.aborted) return;
      this.metrics.failures.inc();
      this.restUntil = performance.now() + Math.min(LONGEST_REST_MS, this.schedule.intervalMs);
      this.logger.warn(`Copies were not compared: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private isDue({ last }: LeaseState): boolean {
    if (performance.now() < this.restUntil) return false;
    return !last || last.agoMs >= this.schedule.intervalMs;
  }

  private say(report: Report): void {
    const drifted = report.comparisons.filter(({ drift }) => drift.length > 0);
    for (const { link, owner, replica, drift } of drifted) {
      const some = drift.slice(0, 5).map(({ id, difference }) => `${id} (${difference})`);
      const rest = drift.length > some.length ? ` and ${drift.length - some.length} more` : '';
      this.logger.error(`${link}: ${drift.length} in ${replica} differ from ${owner}: ${some.join(', ')}${rest}`);
    }
    if (drifted.length === 0) this.logger.log('All copies are alike.');
  }
}
