import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { type MessageHandler, ServerKafka } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { contractName, groupOf, onCluster } from '../kafka/cluster-names';
import type { KafkaSettings } from '../kafka/kafka-settings';
import { reading } from '../kafka/record-reader';
import { TopicRetention } from '../kafka/topic-retention';
import type { MessagingMetrics } from '../metrics';
import type { ParkedEvents } from '../parked/parked-events';
import type { PositionRange } from '../parked/positions-chunk';
import { PositionsLoop } from '../parked/positions-loop';
import { PositionsRedrive } from '../parked/positions-redrive';
import type { PositionsReport } from '../parked/positions-run';
import { PositionsWatch } from '../parked/positions-watch';
import { type LaneReport, Redrive } from '../parked/redrive';
import type { Topic } from '../topic';
import { BatchProcessor } from './batch-processor';
import { BatchReader } from './batch-reader';
import { ConsumerSession } from './consumer-session';
import { type Gate, gatePattern } from './event-gate';
import { type ConsumerPosition, ConsumerPositions } from '../repair/consumer-positions';
import { Skips } from '../parked/skips';
import { readGroupLogs } from '../kafka/group-logs';
import { GapWatch } from './gap-watch';
import { OwnOffsets } from './own-offsets';
import { PausedPartitions } from './paused-partitions';
import { type Skipped, SkipWatch } from './skip-watch';

const MAX_REBUILD_MS = 10_000;

export interface KafkaConsumerOptions {
  readonly settings: KafkaSettings;
  /** Client id; the consumer group has the same name behind the environment's prefix. */
  readonly service: string;
  readonly consumes: readonly Topic<unknown>[];
  readonly sessionTimeoutMs: number;
  /** A consumer in which nothing happens for so long is rebuilt; 60 s unless given. */
  readonly stalledAfterMs?: number | undefined;
}

/**
 * Nest's Kafka transport with batches, parking and a supervised consumer. Delivery: every record reaches its handler at
 * least once, in the order of its partition; its offset is committed only after the handler's effect or the parked record
 * is durable. Trouble with the store pauses the partition, for ever if need be. Nothing that a handler does reaches
 * kafkajs' or Nest's own retries, because both stop or spin there.
 */
export class KafkaConsumer extends ServerKafka {
  protected override readonly logger = new Logger(KafkaConsumer.name);
  private readonly topics: ReadonlyMap<string, Topic<unknown>>;
  private readonly processor: BatchProcessor;
  private readonly redrive: Redrive;
  private readonly positionsRedrive: PositionsRedrive;
  private readonly positionsLoop: PositionsLoop;
  /** How many records are known by their position only, and for how long their topics keep them. */
  readonly positions: PositionsWatch;
  private readonly groupPositions: ConsumerPositions;
  private readonly skipWatch: SkipWatch;
  private readonly gaps: GapWatch;
  private readonly known = new Map<string, MessageHandler | null>();
  private readonly quit = new AbortController();
  private paused: PausedPartitions;
  private session: ConsumerSession | undefined;
  private supervision: Promise<void> = Promise.resolve();
  private outOfGroup: { reason: string; since: number; refused?: boolean } | undefined = {
    reason: 'starting',
    since: performance.now(),
  };

  constructor(
    private readonly setup: KafkaConsumerOptions,
    private readonly parked: ParkedEvents,
    private readonly metrics: MessagingMetrics,
  ) {
    super({ postfixId: '', client: { clientId: setup.service, brokers: [...setup.settings.brokers] } });
    const consumed = setup.consumes.map((topic) => onCluster(topic, setup.settings));
    this.topics = new Map(consumed.map((topic) => [topic.name, topic]));
    this.processor = new BatchProcessor(
      (topic) => this.handlerOf(topic),
      parked,
      metrics,
      (topic) => this.gateOf(topic),
    );
    this.redrive = new Redrive(this.topics, this.processor, parked, metrics);
    const readerId = `${setup.service}-positions`;
    this.positionsRedrive = new PositionsRedrive({
      topics: this.topics,
      processor: this.processor,
      parked,
      metrics,
      reading: (work) => reading(setup.settings, readerId, work),
    });
    this.positions = new PositionsWatch(
      parked.positions,
      new TopicRetention(setup.settings, readerId, this.topics),
      metrics,
    );
    this.positionsLoop = new PositionsLoop([...this.topics.keys()], this.positionsRedrive, this.positions);
    const names = [...this.topics.keys()];
    this.groupPositions = new ConsumerPositions(setup.settings, this.group, names);
    this.skipWatch = new SkipWatch(names, new Skips(parked.connection), () => this.committed());
    this.gaps = new GapWatch({
      read: () => readGroupLogs(setup.settings, this.group, names),
      own: new OwnOffsets(parked.connection),
      metrics,
      seek: (to) => this.session?.seek(to),
      recordsGone: (topic, partition) => this.recordsGone(topic, partition),
    });
    this.paused = new PausedPartitions(metrics);
    // a counter that is not there yet cannot be seen to grow
    for (const topic of this.topics.keys()) {
      metrics.recordsGone.inc({ topic }, 0);
      metrics.positionsLost.inc({ topic }, 0);
      metrics.withheld.inc({ topic }, 0);
      metrics.gaps.inc({ topic }, 0);
    }
  }

  private get group(): string {
    return groupOf(this.setup.service, this.setup.settings);
  }

  get consumes(): boolean {
    return this.topics.size > 0;
  }

  /** Why nothing is consumed, and since when (monotonic, ms); undefined while the consumer is in its group. */
  get trouble(): { reason: string; since: number } | undefined {
    const missing = this.missingTopics;
    const { refusal } = this;
    if (this.outOfGroup && refusal) return { ...this.outOfGroup, reason: refusal };
    if (this.outOfGroup && missing.length > 0) {
      return { ...this.outOfGroup, reason: `waiting for ${missing.join(', ')} to be created` };
    }
    return this.outOfGroup;
  }

  /** Topics whose owner has not created them yet: consuming begins when they are there. */
  get missingTopics(): readonly string[] {
    return this.session?.missingTopics ?? [];
  }

  /** What the cluster does not allow this service, which keeps it from consuming. */
  get refusal(): string | undefined {
    if (!this.outOfGroup) return undefined;
    return this.session?.refusal ?? (this.outOfGroup.refused ? this.outOfGroup.reason : undefined);
  }

  get pausedReason(): string | undefined {
    return this.paused.reason;
  }

  topic(name: string): Topic<unknown> | undefined {
    return this.topics.get(name);
  }

  /** Works a lane off now, whatever its turn. */
  redriveLane(id: string): Promise<LaneReport> {
    return this.redrive.lane(id);
  }

  /** How far the group has come, by the cluster's account. Throws when Kafka does not answer. */
  committed(): Promise<ConsumerPosition[]> {
    return this.groupPositions.read();
  }

  /** Reads records of a range of positions again and tries them, until then (monotonic, ms). Throws TopicUnreadable. */
  redrivePositions(range: PositionRange, until: number): Promise<PositionsReport & { next?: number }> {
    return this.positionsRedrive.range(range, until);
  }

  /** The EventGate of a topic, if the application has one. */
  gateOf(topic: string): Gate | undefined {
    return this.handlerAt(gatePattern(contractName(topic, this.setup.settings)));
  }

  /** Calls back at once: a service serves while Kafka is away. */
  override async listen(callback: (error?: unknown) => void): Promise<void> {
    const unhandled = [...this.topics.keys()].filter(
      (topic) => !this.getHandlerByPattern(contractName(topic, this.setup.settings)),
    );
    if (unhandled.length > 0) return callback(new Error(`no handler for ${unhandled.join(', ')}`));
    if (this.consumes) {
      this.supervision = this.supervise();
      this.redrive.start();
      this.positionsLoop.start();
      this.skipWatch.start((seeks) => void this.passOver(seeks));
      this.gaps.start();
    }
    callback();
  }

  override async close(): Promise<void> {
    this.quit.abort();
    this.skipWatch.stop();
    this.gaps.stop();
    this.paused.close();
    await Promise.all([this.session?.stop(), this.redrive.stop(), this.positionsLoop.stop()]);
    await this.supervision;
  }

  private async supervise(): Promise<void> {
    for (let attempt = 0; !this.quit.signal.aborted; attempt++) {
      const session = this.newSession(() => (attempt = 0));
      this.session = session;
      const reason = await this.live(session);
      if (this.quit.signal.aborted) return;
      const refused = session.refusal !== undefined;
      this.outOfGroup = { reason, since: this.outOfGroup?.since ?? performance.now(), refused };
      this.paused.close();
      if (attempt % 5 === 0) this.logger.warn(`the consumer is being rebuilt: ${reason}`);
      void session.stop();
      const delay = Math.min(500 * 2 ** Math.min(attempt, 6), MAX_REBUILD_MS);
      await sleep(delay, undefined, { signal: this.quit.signal }).catch(() => undefined);
    }
  }

  private newSession(onJoin: () => void): ConsumerSession {
    // of this session only: an old one must not touch what the new one has paused
    const paused = new PausedPartitions(this.metrics);
    this.paused = paused;
    const reader = new BatchReader(this.topics, this.processor, paused, {
      metrics: this.metrics,
      isSkipped: (record) => this.skipWatch.isSkipped(record),
      isContinuous: (from) => this.gaps.isContinuous(from),
      knownUntil: (at) => this.gaps.knownUntil(at),
    });
    const session: ConsumerSession = new ConsumerSession({
      ...this.setup,
      groupId: this.group,
      topics: [...this.topics.keys()],
      metrics: this.metrics.kafka,
      onRecordsGone: (topic, partition) => this.recordsGone(topic, partition),
      eachBatch: (payload) => reader.read(payload, session),
      commits: this.gaps,
      onJoin: (assignment) => {
        onJoin();
        this.outOfGroup = undefined;
        paused.reassigned();
        this.parked.reassigned();
        // before the first fetch: what is skipped may be what ended the process before
        for (const seek of this.skipWatch.seeks) session.seek(seek);
        this.gaps.joined(assignment);
      },
    });
    return session;
  }

  private async passOver(seeks: readonly Skipped[]): Promise<void> {
    try {
      await this.gaps.passOver(seeks);
    } catch (error) {
      return this.logger.warn(`skips wait: ${String(error)}`);
    }
    for (const seek of seeks) {
      this.logger.warn(
        `${seek.topic}[${seek.partition}] goes on at ${seek.offset}: an operator had what is before skipped`,
      );
      this.session?.seek(seek);
      // it waits for nothing any more, also when nothing comes behind
      this.paused.succeeded(seek.topic, seek.partition);
    }
  }

  /** No retry brings them back; only their owner has what they told. */
  private recordsGone(topic: string, partition: number): void {
    this.metrics.recordsGone.inc({ topic });
    const help = `npm run republish -- --topic ${topic} --all`;
    this.logger.error(
      `${topic}[${partition}]: records were deleted before they were consumed; tell their owner: ${help}`,
    );
  }

  private async live(session: ConsumerSession): Promise<string> {
    try {
      await this.skipWatch.look();
      await this.gaps.passOver(this.skipWatch.seeks);
      if (session.stopping) return 'stopping';
      await Promise.race([session.start(), session.ended]);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return this.quit.signal.aborted ? 'stopping' : session.ended;
  }

  private handlerOf<R>(topic: string): ((data: unknown) => Promise<R>) | undefined {
    return this.handlerAt(contractName(topic, this.setup.settings));
  }

  /** Looked up once each: Nest takes a pattern for JSON first, which costs as much as an event. */
  private handlerAt<R>(pattern: string): ((data: unknown) => Promise<R>) | undefined {
    const known = this.known.get(pattern);
    const handler = known === undefined ? this.getHandlerByPattern(pattern) : known;
    this.known.set(pattern, handler);
    if (!handler) return undefined;
    return async (data) => {
      const result: unknown = await handler(data);
      return (isObservable(result) ? await lastValueFrom(result) : result) as R;
    };
  }
}
