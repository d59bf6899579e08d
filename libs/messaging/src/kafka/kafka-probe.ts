import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import { explained } from './access';
import { kafkaClient } from './kafka-client';
import type { KafkaSettings } from './kafka-settings';

const INTERVAL_MS = 5_000;
const STOP_DEADLINE_MS = 500;

/** Asks the cluster for its description every 5 s, so that health knows of an outage that nobody's traffic has met yet. */
export class KafkaProbe {
  static readonly intervalMs = INTERVAL_MS;
  private client: Kafka | undefined;
  private admin: Admin | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();
  /** Why the cluster does not answer; undefined while it does. */
  trouble: string | undefined = 'not reached yet';
  brokers = 0;
  /** Since when it answers without a break, monotonic ms. */
  answeringSince = performance.now();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly clientId: string,
  ) {}

  start(): void {
    this.running = this.probe();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await Promise.race([this.running, sleep(STOP_DEADLINE_MS, undefined, { ref: false })]);
    await this.disconnect();
  }

  private async probe(): Promise<void> {
    try {
      if (!this.admin) {
        this.client = kafkaClient(this.settings, `${this.clientId}-probe`, { retries: 0 });
        this.admin = this.client.admin();
        await this.admin.connect();
      }
      this.brokers = (await this.admin.describeCluster()).brokers.length;
      if (this.trouble !== undefined) this.answeringSince = performance.now();
      this.trouble = undefined;
    } catch (error) {
      this.trouble = explained(error, this.settings, this.client).message;
      void this.disconnect();
    }
    if (this.stopped) return this.disconnect();
    this.timer = setTimeout(() => {
      this.running = this.probe();
    }, INTERVAL_MS);
    this.timer.unref();
  }

  private async disconnect(): Promise<void> {
    const old = this.admin;
    this.admin = undefined;
    await old?.disconnect().catch(() => undefined);
  }
}
