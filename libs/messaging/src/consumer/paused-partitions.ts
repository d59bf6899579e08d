import { Logger } from '@nestjs/common';
import { cut } from '../cut';
import type { MessagingMetrics } from '../metrics';
import { isTransient } from './event-handling';

const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 10_000;

/**
 * Partitions of one consumer session that wait for the store, each with its own backoff; they try again for ever. After `close` nothing is paused or resumed any more: the next session has its own.
 */
export class PausedPartitions {
  private readonly logger = new Logger('KafkaConsumer');
  private readonly failures = new Map<string, { count: number; reason: PauseReason }>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private closed = false;
  /** Why a partition is paused now. */
  reason: string | undefined;

  constructor(private readonly metrics: MessagingMetrics) {}

  pause(topic: string, partition: number, { pause, error }: { pause: () => () => void; error: unknown }): void {
    if (this.closed) return;
    const key = `${topic}[${partition}]`;
    const reason = pauseReason(error);
    const before = this.failures.get(key);
    const failures = (before?.count ?? 0) + 1;
    this.failures.set(key, { count: failures, reason });
    this.reason = cut(`${key}: ${error instanceof Error ? error.message : String(error)}`);
    const delay = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10), MAX_PAUSE_MS);
    if (failures % 10 === 1) this.logger.warn(`paused ${this.reason}`);
    if (before && before.reason !== reason) this.metrics.paused.set({ topic, partition, reason: before.reason }, 0);
    this.metrics.paused.set({ topic, partition, reason }, 1);
    const resume = pause();
    clearTimeout(this.timers.get(key));
    const timer = setTimeout(() => {
      this.timers.delete(key);
      resume();
    }, delay);
    timer.unref();
    this.timers.set(key, timer);
  }

  succeeded(topic: string, partition: number): void {
    const key = `${topic}[${partition}]`;
    const before = this.failures.get(key);
    if (this.closed || !before) return;
    this.failures.delete(key);
    this.metrics.paused.set({ topic, partition, reason: before.reason }, 0);
    if (this.failures.size === 0) this.reason = undefined;
  }

  /** After a rebalance the trouble may be another member's; what is still ours is resumed by its timer and fails anew. */
  reassigned(): void {
    this.failures.clear();
    this.metrics.paused.reset();
    this.reason = undefined;
  }

  close(): void {
    this.reassigned();
    this.closed = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}

/** What a paused partition waits for: the store, or that a defect of this service is mended. */
type PauseReason = 'store' | 'defect';

function pauseReason(error: unknown): PauseReason {
  return isTransient(error) ? 'store' : 'defect';
}
