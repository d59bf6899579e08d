import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { KafkaMetrics } from './kafka/kafka-metrics';
import type { LanesOfTopic } from './parked/lanes-of-topic';
import type { PositionsOfTopic } from './parked/positions-watch';
import { showMetrics } from './own-metrics';
import { plainTimer, type TimerFactory } from './timer';

/** From what nobody notices to what somebody should be woken for. */
const DELAY_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];

/** What messaging tells Prometheus. Names follow Prometheus' conventions (base units, `_total`). */
export class MessagingMetrics {
  readonly published: Counter;
  readonly resent: Counter;
  readonly refused: Counter;
  readonly recovered: Counter;
  readonly consumed: Counter<'topic' | 'outcome'>;
  readonly paused: Gauge<'topic' | 'partition' | 'reason'>;
  readonly kafka: KafkaMetrics;
  readonly conflicts: Counter<'collection'>;
  readonly recordsGone: Counter<'topic'>;
  readonly positionsLost: Counter<'topic'>;
  /** Records, and batches, that are known by their position only because they were not decoded. */
  readonly withheld: Counter<'topic'>;
  /** Gaps that were found and gone back to. */
  readonly gaps: Counter<'topic'>;
  private readonly gapOffsets: Gauge<'topic' | 'partition'>;
  private readonly outboxDelay: Histogram;
  private readonly consumerDelay: Histogram<'topic'>;
  private readonly decodeSeconds: Histogram<'topic'>;
  private readonly publishSeconds: Histogram;
  private readonly markedDocuments: Gauge;
  private readonly parkedGauges: Readonly<
    Record<'lanes' | 'exhausted' | 'events' | 'bytes' | 'oldest', Gauge<'topic'>>
  >;
  private readonly positionGauges: Readonly<Record<'positions' | 'exhausted' | 'expire', Gauge<'topic'>>>;
  private oldestMark: number | undefined;

  /** Set by the publisher. */
  pendingEvents: () => number = () => 0;

  constructor(
    registry: Registry,
    {
      clientId = '',
      group = clientId,
      timer = plainTimer,
    }: { clientId?: string; group?: string; timer?: TimerFactory } = {},
  ) {
    const own = new Registry();
    this.kafka = new KafkaMetrics(own, { clientId, group }, timer);
    const pendingEvents = () => this.pendingEvents();
    const registers = [own];
    const counter = (name: string, help: string) => new Counter({ name, help, registers });
    this.published = counter('outbox_published_total', 'Events that Kafka acknowledged, duplicates included');
    this.resent = counter('outbox_resent_total', 'Events sent again so that the newest of a key is its last');
    this.refused = counter(
      'outbox_refused_total',
      'Events larger than their topic accepts; they stay in their documents',
    );
    this.recovered = counter('outbox_recovered_total', 'Documents whose outbox a sweep found left behind');
    this.publishSeconds = new Histogram({
      name: 'outbox_publish_seconds',
      help: 'Time of a produce request',
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    });
    new Gauge({
      name: 'outbox_pending_events',
      help: 'Events in memory that Kafka has not acknowledged',
      registers,
      collect() {
        this.set(pendingEvents());
      },
    });
    this.markedDocuments = new Gauge({
      name: 'outbox_pending_documents',
      help: 'Documents with events that are not published, as the last sweep saw them',
      registers,
    });
    const oldest = () => this.oldestAgeMs / 1000;
    new Gauge({
      name: 'outbox_oldest_seconds',
      help: 'Age of the oldest unpublished event, as the last sweep saw it',
      registers,
      collect() {
        this.set(oldest());
      },
    });
    this.consumed = new Counter({
      name: 'consumer_events_total',
      help: 'Events by what became of them: applied, duplicate, ignored, parked',
      labelNames: ['topic', 'outcome'],
      registers,
    });
    const parked = (name: string, help: string) => new Gauge({ name, help, labelNames: ['topic'], registers });
    this.parkedGauges = {
      lanes: parked('parked_lanes', 'Lanes with events that wait'),
      exhausted: parked('parked_lanes_exhausted', 'Lanes whose redrives failed so often that only a person redrives'),
      events: parked('parked_events', 'Events that wait in lanes'),
      bytes: parked(
        'parked_bytes',
        'Bytes of the events that wait in lanes; with PARKED_MAX_BYTES, further ones are kept by position',
      ),
      oldest: parked('parked_oldest_seconds', 'Age of the oldest lane'),
    };
    this.positionGauges = {
      positions: parked('parked_positions', 'Records that wait and are known by their position only'),
      exhausted: parked('parked_positions_exhausted', 'Chunks of up to 1,000 positions that only a person redrives'),
      expire: parked(
        'parked_positions_expire_seconds',
        'Time until the retention of the topic may delete the first of them',
      ),
    };
    this.positionsLost = new Counter({
      name: 'parked_positions_lost_total',
      help: 'Records known by their position that were deleted before they could be applied',
      labelNames: ['topic'],
      registers,
    });
    this.paused = new Gauge({
      name: 'consumer_paused',
      help: '1 while a partition waits: for the store, or (defect) for this service to be mended',
      labelNames: ['topic', 'partition', 'reason'],
      registers,
    });
    this.recordsGone = new Counter({
      name: 'consumer_records_gone_total',
      help: 'How often records were found deleted that had not been consumed',
      labelNames: ['topic'],
      registers,
    });
    this.gaps = new Counter({
      name: 'consumer_gaps_total',
      help: 'How often the group had committed records that this store never applied, and was sent back to them',
      labelNames: ['topic'],
      registers,
    });
    this.gapOffsets = new Gauge({
      name: 'consumer_gap_offsets',
      help: 'Offsets that the group has committed and this store has not applied, at the last look',
      labelNames: ['topic', 'partition'],
      registers,
    });
    this.withheld = new Counter({
      name: 'consumer_records_withheld_total',
      help: 'Records, and whole batches, that were not decoded because they are damaged or beyond their bounds',
      labelNames: ['topic'],
      registers,
    });
    this.decodeSeconds = new Histogram({
      name: 'consumer_decode_seconds',
      help: 'CPU time of decoding one batch of records, inflation included',
      labelNames: ['topic'],
      buckets: [0.0001, 0.001, 0.005, 0.025, 0.1, 0.5, 1, 5],
      registers,
    });
    this.conflicts = new Counter({
      name: 'aggregate_version_conflicts_total',
      help: 'Writes decided again because another one had changed the aggregate meanwhile',
      labelNames: ['collection'],
      registers,
    });
    this.outboxDelay = new Histogram({
      name: 'outbox_delay_seconds',
      help: "Time from an event's write to Kafka's acknowledgement",
      buckets: DELAY_BUCKETS,
      registers,
    });
    this.consumerDelay = new Histogram({
      name: 'consumer_delay_seconds',
      help: "Time from an event's write at its owner to its effect here, by the clocks of both",
      labelNames: ['topic'],
      buckets: DELAY_BUCKETS,
      registers,
    });
    showMetrics(own, registry);
  }

  /** The consumer group of this process. */
  get group(): string {
    return this.kafka.group;
  }

  get oldestAgeMs(): number {
    return this.oldestMark === undefined ? 0 : Math.max(0, Date.now() - this.oldestMark);
  }

  swept(documents: number, oldestMark: number | undefined): void {
    this.markedDocuments.set(documents);
    this.oldestMark = oldestMark;
  }

  /** Of all topics that are consumed: where nothing is parked, that is a zero. */
  parked(topics: Iterable<string>, summary: readonly LanesOfTopic[]): void {
    const found = new Map(summary.map((lanes) => [lanes.topic, lanes]));
    for (const topic of new Set([...topics, ...found.keys()])) {
      const { lanes = 0, exhausted = 0, events = 0, bytes = 0, oldest } = found.get(topic) ?? {};
      this.parkedGauges.lanes.set({ topic }, lanes);
      this.parkedGauges.exhausted.set({ topic }, exhausted);
      this.parkedGauges.events.set({ topic }, events);
      this.parkedGauges.bytes.set({ topic }, bytes);
      this.parkedGauges.oldest.set({ topic }, oldest ? Math.max(0, Date.now() - oldest.getTime()) / 1000 : 0);
    }
  }

  /** The same of positions; `endsAt` (epoch ms) is absent where retention deletes none, or is not known. */
  parkedPositions(topics: Iterable<string>, found: ReadonlyMap<string, PositionsOfTopic>): void {
    this.positionGauges.expire.reset();
    for (const topic of new Set([...topics, ...found.keys()])) {
      const { count = 0, exhausted = 0, endsAt } = found.get(topic) ?? {};
      this.positionGauges.positions.set({ topic }, count);
      this.positionGauges.exhausted.set({ topic }, exhausted);
      if (endsAt !== undefined) this.positionGauges.expire.set({ topic }, (endsAt - Date.now()) / 1000);
    }
  }

  /** How far the group's committed offset is ahead of the store's own; 0 where it is not. */
  gap({ topic, partition, offsets }: { topic: string; partition: number; offsets: number }): void {
    this.gapOffsets.set({ topic, partition }, offsets);
  }

  async timePublish<T>(publish: () => Promise<T>): Promise<T> {
    const end = this.publishSeconds.startTimer();
    const result = await this.kafka.timeTemplate(publish);
    end();
    return result;
  }

  /** Kafka acknowledged an event written at `occurredAt`, ISO 8601. */
  acknowledged(occurredAt: string): void {
    const seconds = secondsSince(occurredAt);
    if (seconds !== undefined) this.outboxDelay.observe(seconds);
  }

  /** A batch of records was decoded in so much CPU time, in ms. */
  decoded(topic: string, cpuMs: number): void {
    this.decodeSeconds.observe({ topic }, cpuMs / 1000);
  }

  /** An event written at `occurredAt` has its effect. */
  applied(topic: string, occurredAt: string): void {
    const seconds = secondsSince(occurredAt);
    if (seconds !== undefined) this.consumerDelay.observe({ topic }, seconds);
  }
}

/** At least 0: a clock may be behind the one that it is compared with. undefined where it is no time. */
function secondsSince(time: string): number | undefined {
  const ms = Date.now() - Date.parse(time);
  return Number.isNaN(ms) ? undefined : Math.max(0, ms / 1000);
}
