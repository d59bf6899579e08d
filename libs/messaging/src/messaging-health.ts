import type { Connection } from 'mongoose';
import type { KafkaConsumer } from './consumer/kafka-consumer';
import type { GroupLag } from './kafka/group-lag';
import type { KafkaProbe } from './kafka/kafka-probe';
import type { KafkaProducer } from './kafka/kafka-producer';
import type { MessagingMetrics } from './metrics';
import type { Publisher } from './publisher/publisher';
import { pingStore, watchConnection } from './store-ping';

export interface ComponentHealth {
  readonly status: 'UP' | 'DOWN';
  readonly details: Readonly<Record<string, unknown>>;
}

/** A consumer that is out of its group for so long, although Kafka answers, will not come back: the process should. */
const BROKEN_AFTER_MS = 120_000;
const PING_LIMIT_MS = 2_000;

/** What each part says of itself; asking costs at most one ping of the store. */
export class MessagingHealth {
  /** By the names that Spring Boot gives to what it knows of them. */
  readonly healthComponents = {
    mongo: () => this.store(),
    kafka: () => this.kafka(),
    consumer: () => this.consumer(),
    outbox: () => this.outbox(),
  };
  /** Without the store nothing can be read or written; without Kafka writes are accepted. */
  readonly neededForTraffic = ['mongo'];

  constructor(
    private readonly parts: {
      connection: Connection;
      probe: KafkaProbe;
      producer: KafkaProducer;
      kafkaConsumer: KafkaConsumer;
      publisher: Publisher;
      metrics: MessagingMetrics;
      groupLag: GroupLag;
    },
  ) {
    watchConnection(parts.connection);
  }

  async store(): Promise<ComponentHealth> {
    const { connection } = this.parts;
    try {
      await pingStore(connection, PING_LIMIT_MS);
      return up({ database: connection.db?.databaseName });
    } catch (error) {
      return down(error instanceof Error ? error.message : String(error));
    }
  }

  kafka(): ComponentHealth {
    const { trouble, brokers } = this.parts.probe;
    const reason = trouble ?? this.parts.producer.refusal;
    return reason === undefined ? up({ brokers }) : down(reason);
  }

  /**
   * DOWN with the reason while the consumer is out of its group, a partition is paused here, one stands still anywhere in the
   * group, or an open transaction of another producer has held one back for 60 s.
   */
  consumer(): ComponentHealth {
    if (!this.parts.kafkaConsumer.consumes) return up({ topics: 0 });
    const { trouble, pausedReason } = this.parts.kafkaConsumer;
    const { stalledReason: stalled, heldBackReason: heldBack } = this.parts.groupLag.progress;
    const reasons = [
      trouble?.reason,
      pausedReason && `paused: ${pausedReason}`,
      stalled && `stalled: ${stalled}`,
      heldBack && `held back: ${heldBack}`,
    ];
    const reason = reasons.filter(Boolean).join('; ');
    return reason === '' ? up({}) : down(reason);
  }

  /** Pending events are no failure of this service: they are safe in its store. */
  outbox(): ComponentHealth {
    return up({
      pendingEvents: this.parts.publisher.pendingEvents,
      oldestSeconds: Math.round(this.parts.metrics.oldestAgeMs / 1000),
      ...(this.parts.publisher.lastFailure && { lastFailure: this.parts.publisher.lastFailure }),
    });
  }

  /** Whether only a new process can help: the consumer could not be rebuilt for 2 minutes although Kafka answers. */
  needsRestart(): boolean {
    const { trouble, consumes, missingTopics, refusal } = this.parts.kafkaConsumer;
    // rights are given by somebody else
    if (refusal !== undefined) return false;
    if (!consumes || !trouble || this.parts.probe.trouble !== undefined || missingTopics.length > 0) return false;
    return performance.now() - Math.max(trouble.since, this.parts.probe.answeringSince) > BROKEN_AFTER_MS;
  }
}

function up(details: Record<string, unknown>): ComponentHealth {
  return { status: 'UP', details };
}

function down(reason: string): ComponentHealth {
  return { status: 'DOWN', details: { reason } };
}
