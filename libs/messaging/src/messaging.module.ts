import { type DynamicModule, Module } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { register } from 'prom-client';
import { KafkaConsumer } from './consumer/kafka-consumer';
import { groupOf, onCluster } from './kafka/cluster-names';
import { GroupLag } from './kafka/group-lag';
import { KafkaProbe } from './kafka/kafka-probe';
import { KafkaProducer } from './kafka/kafka-producer';
import type { KafkaSettings } from './kafka/kafka-settings';
import { managementControllers, type ManagementEndpoint } from './management-controllers';
import { MessagingHealth } from './messaging-health';
import { MessagingTasks } from './messaging-tasks';
import { MessagingLifecycle } from './messaging-lifecycle';
import { MessagingMetrics } from './metrics';
import { DiscardedEvents } from './parked/discarded-events';
import { LaneListing } from './parked/lane-listing';
import { ParkedEvents } from './parked/parked-events';
import { ParkedOperations } from './parked/parked-operations';
import { DEFAULT_LIMITS, type ParkingLimits } from './parked/parking-limits';
import { Publisher } from './publisher/publisher';
import { Sweep } from './publisher/sweep';
import { ConsumerPositions } from './repair/consumer-positions';
import type { Digest } from './repair/digest';
import { Repairs } from './repair/repairs';
import { RepublishJobs } from './repair/republish-jobs';
import type { TimerFactory } from './timer';
import type { Topic } from './topic';

export interface MessagingOptions {
  /** Client id; the consumer group has the same name behind `kafka.groupPrefix`. */
  readonly service: string;
  readonly kafka: KafkaSettings;
  /** Topics this service publishes on, and creates where they are missing. */
  readonly owns?: readonly Topic<unknown>[];
  readonly consumes?: readonly Topic<unknown>[];
  readonly parking?: ParkingLimits;
  /** Opens `parked` (where something is consumed), `digest` and `republish` to operators; without it there are no such endpoints. */
  readonly managementEndpoint?: ManagementEndpoint;
  /** Makes the timers of listeners and of produce requests; count and sum only unless given. */
  readonly timer?: TimerFactory;
  /** What this service keeps of its topics' aggregates, for reconciling. */
  readonly digests?: readonly Digest[];
}

/** Not global: Nest ends modules that are not global first, so that the publisher drains before mongoose's (global) module closes the store. */
@Module({
  providers: [
    {
      provide: MessagingLifecycle,
      inject: [KafkaProducer, KafkaProbe, Publisher, Sweep, GroupLag],
      useFactory: (...[producer, probe, publisher, sweep, groupLag]: LifecycleParts) =>
        new MessagingLifecycle({ producer, probe, publisher, sweep, groupLag }),
    },
  ],
})
class MessagingLifecycleModule {}

type LifecycleParts = [KafkaProducer, KafkaProbe, Publisher, Sweep, GroupLag];
type HealthParts = [Connection, KafkaProbe, KafkaProducer, KafkaConsumer, Publisher, MessagingMetrics, GroupLag];

/**
 * Publisher, consumer and parking of one service, over the application's mongoose connection. Global: storage injects
 * `Publisher`, the application connects `KafkaConsumer` as its microservice strategy.
 */
@Module({})
export class MessagingModule {
  static forRoot({ service, kafka, owns = [], consumes = [], ...options }: MessagingOptions): DynamicModule {
    const connection = getConnectionToken();
    const { parking = DEFAULT_LIMITS, managementEndpoint, timer, digests = [] } = options;
    const topics = consumes.map((topic) => onCluster(topic, kafka).name);
    const group = groupOf(service, kafka);
    const positions = new ConsumerPositions(kafka, group, topics);
    return {
      module: MessagingModule,
      global: true,
      imports: [MessagingLifecycleModule],
      controllers: managementEndpoint
        ? managementControllers(managementEndpoint, { consumes: consumes.length > 0 })
        : [],
      providers: [
        {
          provide: MessagingMetrics,
          useFactory: () => new MessagingMetrics(register, { clientId: service, group, ...(timer && { timer }) }),
        },
        {
          provide: GroupLag,
          inject: [MessagingMetrics],
          useFactory: (metrics: MessagingMetrics) => new GroupLag(positions, metrics.kafka),
        },
        { provide: KafkaProducer, useFactory: () => new KafkaProducer(kafka, service, owns) },
        { provide: KafkaProbe, useFactory: () => new KafkaProbe(kafka, service) },
        {
          provide: Publisher,
          inject: [KafkaProducer, MessagingMetrics],
          useFactory: (producer: KafkaProducer, metrics: MessagingMetrics) => new Publisher(producer, metrics),
        },
        {
          provide: Sweep,
          inject: [Publisher, MessagingMetrics],
          useFactory: (publisher: Publisher, metrics: MessagingMetrics) => new Sweep(publisher, metrics),
        },
        {
          provide: ParkedEvents,
          inject: [connection],
          useFactory: (store: Connection) => new ParkedEvents(store, parking),
        },
        {
          provide: ParkedOperations,
          inject: [connection, KafkaConsumer, ParkedEvents],
          useFactory: (store: Connection, consumer: KafkaConsumer, parked: ParkedEvents) =>
            new ParkedOperations({
              consumer,
              parked,
              listing: new LaneListing(store),
              discarded: new DiscardedEvents(store),
            }),
        },
        {
          provide: KafkaConsumer,
          inject: [ParkedEvents, MessagingMetrics],
          useFactory: (parked: ParkedEvents, metrics: MessagingMetrics) =>
            new KafkaConsumer(
              { settings: kafka, service, consumes, sessionTimeoutMs: kafka.sessionTimeoutMs },
              parked,
              metrics,
            ),
        },
        {
          provide: MessagingHealth,
          inject: [connection, KafkaProbe, KafkaProducer, KafkaConsumer, Publisher, MessagingMetrics, GroupLag],
          useFactory: (...[store, probe, producer, kafkaConsumer, publisher, metrics, groupLag]: HealthParts) =>
            new MessagingHealth({ connection: store, probe, producer, kafkaConsumer, publisher, metrics, groupLag }),
        },
        { provide: MessagingTasks, useFactory: () => new MessagingTasks(consumes.length > 0) },
        {
          provide: RepublishJobs,
          inject: [connection, Publisher],
          useFactory: (store: Connection, publisher: Publisher) => new RepublishJobs(store, publisher),
        },
        {
          provide: Repairs,
          inject: [connection, ParkedEvents, RepublishJobs],
          useFactory: (store: Connection, parked: ParkedEvents, jobs: RepublishJobs) =>
            new Repairs({ connection: store, parked, positions, jobs, digests: digests.map(digestOnCluster(kafka)) }),
        },
      ],
      exports: [
        Publisher,
        KafkaConsumer,
        ParkedEvents,
        MessagingHealth,
        MessagingTasks,
        KafkaProducer,
        KafkaProbe,
        Sweep,
        GroupLag,
      ],
    };
  }
}

function digestOnCluster(kafka: KafkaSettings) {
  return (digest: Digest): Digest => ({ ...digest, topic: onCluster(digest.topic, kafka) });
}
