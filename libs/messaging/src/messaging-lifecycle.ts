import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { GroupLag } from './kafka/group-lag';
import type { KafkaProbe } from './kafka/kafka-probe';
import type { KafkaProducer } from './kafka/kafka-producer';
import type { Publisher } from './publisher/publisher';
import type { Sweep } from './publisher/sweep';

/** Time to publish what is in memory at the end; the rest is in the store, for another instance or the next start. */
const DRAIN_MS = 4_000;

/**
 * Starts publishing with the application, and ends it after HTTP and the consumer (Nest closes both before
 * onApplicationShutdown) and before the store (whose module is further from the root).
 */
export class MessagingLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(MessagingLifecycle.name);

  constructor(
    private readonly parts: {
      producer: KafkaProducer;
      probe: KafkaProbe;
      publisher: Publisher;
      sweep: Sweep;
      groupLag: GroupLag;
    },
  ) {}

  onApplicationBootstrap(): void {
    this.parts.producer.start();
    this.parts.probe.start();
    this.parts.sweep.start();
    this.parts.groupLag.start();
  }

  async onApplicationShutdown(): Promise<void> {
    const { producer, probe, publisher, sweep, groupLag } = this.parts;
    await sweep.stop();
    if (!(await publisher.drain(DRAIN_MS))) this.logger.warn('events are left in the store for the next start');
    await Promise.all([producer.stop(), probe.stop(), groupLag.stop()]);
  }
}
