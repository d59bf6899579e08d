import { Counter, Gauge, type Registry } from 'prom-client';
import type { ConsumerPosition } from '../repair/consumer-positions';
import { HELD_BACK_AFTER_MS, STALLED_AFTER_MS } from './partition-progress';
import type { StandingPartition } from './standing-partitions';
import { partitionKey } from '../topic';
import { plainTimer, type Timer, type TimerFactory } from '../timer';

const NAMES = {
  lag: 'kafka_consumer_fetch_manager_records_lag',
  lagMax: 'kafka_consumer_fetch_manager_records_lag_max',
  consumed: 'kafka_consumer_fetch_manager_records_consumed_total',
  fetches: 'kafka_consumer_fetch_manager_fetch_total',
  heartbeats: 'kafka_consumer_coordinator_heartbeat_total',
  rebalances: 'kafka_consumer_coordinator_rebalance_total',
  commits: 'kafka_consumer_coordinator_commit_total',
  assigned: 'kafka_consumer_coordinator_assigned_partitions',
  groupLag: 'kafka_consumergroup_lag',
  groupOffset: 'kafka_consumergroup_current_offset',
  topicOffset: 'kafka_topic_partition_current_offset',
  stalled: 'consumer_partition_stalled',
  stalledSeconds: 'consumer_partition_stalled_seconds',
  heldBack: 'consumer_partition_held_back',
  heldBackSeconds: 'consumer_partition_held_back_seconds',
};

/** For how long partitions have stood, by topic and partition, and what a gauge makes of it. */
type PartitionTimes = [timesOf: () => Map<string, number>, valueOf: (forMs: number) => number];

/** kafkajs under the names that dashboards of Kafka's Java client, of Spring Kafka and of the lag exporters ask for. */
export class KafkaMetrics {
  readonly fetches: Counter;
  readonly heartbeats: Counter;
  readonly rebalances: Counter;
  readonly commits: Counter;
  private readonly assigned: Gauge;
  private readonly lag: Gauge;
  private readonly consumed: Counter;
  private readonly groupLag: Gauge;
  private readonly groupOffset: Gauge;
  private readonly topicOffset: Gauge;
  private readonly listener: Timer;
  private readonly template: Timer;
  private known: readonly ConsumerPosition[] = [];
  private readonly lags = new Map<string, number>();
  /** Partitions that do not go on, and for how long; set by GroupLag. */
  progress: { readonly standing: readonly StandingPartition[]; readonly waiting: readonly StandingPartition[] } = {
    standing: [],
    waiting: [],
  };

  constructor(
    registry: Registry,
    private readonly names: { readonly clientId: string; readonly group: string },
    timer: TimerFactory = plainTimer,
  ) {
    const { clientId } = names;
    const registers = [registry];
    const counter = (name: string, help: string, labelNames = ['client_id']) =>
      new Counter({ name, help, labelNames, registers });
    const gauge = (name: string, help: string, labelNames: string[]) =>
      new Gauge({ name, help, labelNames, registers });
    this.fetches = counter(NAMES.fetches, 'Fetch requests');
    this.heartbeats = counter(NAMES.heartbeats, 'Heartbeats to the group');
    this.rebalances = counter(NAMES.rebalances, 'Times the group was shared out anew');
    this.commits = counter(NAMES.commits, 'Commits of offsets');
    // from the start: a rate needs a zero to begin with
    for (const each of [this.fetches, this.heartbeats, this.rebalances, this.commits]) each.inc(this.client, 0);
    this.consumed = counter(NAMES.consumed, 'Records consumed', ['client_id', 'topic']);
    this.assigned = gauge(NAMES.assigned, 'Partitions this instance has', ['client_id']);
    const partition = ['topic', 'partition'];
    this.lag = gauge(NAMES.lag, 'Records between the last batch and the end of the partition', [
      'client_id',
      ...partition,
    ]);
    const lags = this.lags;
    new Gauge({
      name: NAMES.lagMax,
      help: 'The longest lag of the partitions this instance has',
      labelNames: ['client_id'],
      registers,
      collect() {
        this.set({ client_id: clientId }, Math.max(0, ...lags.values()));
      },
    });
    this.groupLag = gauge(NAMES.groupLag, "Records the group has not committed, by the cluster's account", [
      'consumergroup',
      ...partition,
    ]);
    this.groupOffset = gauge(NAMES.groupOffset, 'What the group has committed', ['consumergroup', ...partition]);
    this.topicOffset = gauge(NAMES.topicOffset, 'The end of the partition', partition);
    const known = () => this.known;
    const times = (of: keyof KafkaMetrics['progress']) => () =>
      new Map(this.progress[of].map((each) => [partitionKey(each), each.forMs]));
    const perPartition = (name: string, help: string, [timesOf, valueOf]: PartitionTimes) =>
      new Gauge({
        name,
        help,
        labelNames: partition,
        registers,
        collect() {
          this.reset();
          const found = timesOf();
          for (const { topic, partition: of } of known()) {
            this.set({ topic, partition: of }, valueOf(found.get(partitionKey({ topic, partition: of })) ?? 0));
          }
        },
      });
    const [standing, waiting] = [times('standing'), times('waiting')];
    const [since, seconds] = [(limitMs: number) => (ms: number) => Number(ms >= limitMs), (ms: number) => ms / 1000];
    perPartition(NAMES.stalled, '1 while a partition with records to read has stood still for 45 s', [
      standing,
      since(STALLED_AFTER_MS),
    ]);
    perPartition(NAMES.stalledSeconds, 'For how long a partition with records to read has stood', [standing, seconds]);
    perPartition(NAMES.heldBack, '1 while a transaction has been open in a partition for 60 s', [
      waiting,
      since(HELD_BACK_AFTER_MS),
    ]);
    perPartition(NAMES.heldBackSeconds, 'For how long a transaction has held back what is behind its beginning', [
      waiting,
      seconds,
    ]);
    const labelNames = ['name', 'result', 'exception'];
    this.listener = timer({
      name: 'spring_kafka_listener_seconds',
      help: 'Time to work off a batch, by topic',
      labelNames,
      registry,
    });
    this.template = timer({
      name: 'spring_kafka_template_seconds',
      help: 'Time of a produce request',
      labelNames,
      registry,
    });
  }

  get client(): { client_id: string } {
    return { client_id: this.names.clientId };
  }

  get group(): string {
    return this.names.group;
  }

  /** A chunk of a partition is durable: `lag` records are behind it. */
  read(topic: string, partition: number, { records, lag }: { records: number; lag: number }): void {
    this.lags.set(partitionKey({ topic, partition }), lag);
    this.lag.set({ client_id: this.names.clientId, topic, partition }, lag);
    this.consumed.inc({ client_id: this.names.clientId, topic }, records);
  }

  /** The partitions of this instance changed: what it knew of their lag may be another's. */
  joined(partitions: number): void {
    this.lags.clear();
    this.lag.reset();
    this.assigned.set({ client_id: this.names.clientId }, partitions);
  }

  /** Where the group stands, as the cluster knows it; nothing when it does not answer. */
  positions(known: readonly ConsumerPosition[]): void {
    this.known = known;
    for (const gauge of [this.groupLag, this.groupOffset, this.topicOffset]) gauge.reset();
    for (const { topic, partition, committed, end } of known) {
      const labels = { consumergroup: this.names.group, topic, partition };
      this.groupLag.set(labels, Math.max(0, end - committed));
      this.groupOffset.set(labels, committed);
      this.topicOffset.set({ topic, partition }, end);
    }
  }

  timeListener<T>(topic: string, work: () => Promise<T>): Promise<T> {
    return timed(this.listener, topic, work);
  }

  timeTemplate<T>(work: () => Promise<T>): Promise<T> {
    return timed(this.template, 'kafkaTemplate', work);
  }
}

async function timed<T>(timer: Timer, name: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const end = (result: string, exception: string): void =>
    timer.observe({ name, result, exception }, (performance.now() - started) / 1000);
  try {
    const value = await work();
    end('success', 'none');
    return value;
  } catch (error) {
    end('failure', error instanceof Error ? error.name : 'Error');
    throw error;
  }
}
