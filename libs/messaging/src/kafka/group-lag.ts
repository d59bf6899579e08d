import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsumerPosition, ConsumerPositions } from '../repair/consumer-positions';
import type { KafkaMetrics } from './kafka-metrics';
import { PartitionProgress } from './partition-progress';

const INTERVAL_MS = 10_000;
const STOP_DEADLINE_MS = 500;

/** Asks the cluster every 10 s how far the group has come: right also while nobody consumes. */
export class GroupLag {
  static readonly intervalMs = INTERVAL_MS;
  /** Which partitions do not go on. */
  readonly progress: PartitionProgress;
  private readonly intervalMs: number;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly positions: Pick<ConsumerPositions, 'read'>,
    private readonly metrics: KafkaMetrics,
    { progress = new PartitionProgress(), intervalMs = INTERVAL_MS } = {},
  ) {
    this.progress = progress;
    this.intervalMs = intervalMs;
    metrics.progress = progress;
  }

  start(): void {
    this.running = this.look();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await Promise.race([this.running, sleep(STOP_DEADLINE_MS, undefined, { ref: false })]);
  }

  private async look(): Promise<void> {
    const unknown: ConsumerPosition[] = [];
    const found = await this.positions.read().catch(() => unknown);
    this.progress.looked(found);
    this.metrics.positions(found);
    if (this.stopped) return;
    this.timer = setTimeout(() => this.start(), this.intervalMs);
    this.timer.unref();
  }
}
