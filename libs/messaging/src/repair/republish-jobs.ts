import { randomUUID } from 'node:crypto';
import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Connection, mongo } from 'mongoose';
import { DURABLE } from '../durable';
import { StoreUnavailable } from '../failures';
import { isStoreTrouble, translated } from '../mongo-errors';
import type { OutboxSource } from '../publisher/outbox-source';
import type { Publisher } from '../publisher/publisher';
import { jobReport, type RepublishJob, type RepublishOrder, RepublishRefused, RepublishUnknown } from './republish-job';
import { RepublishRun } from './republish-run';

const BEAT_MS = 2_000;
const JOBS_AT_ONCE = 10;
/** A job without what may be long. */
const heads = { projection: { ids: 0, above: 0 } } as const;
/** Looks at a beat that stood still before its job is taken over. */
const STILL_LOOKS = 5;

/**
 * Jobs that send an owner's state again. They are kept in the service's store, so that another instance, or the next start,
 * goes on with what a dead process left. Two instances on one job would send duplicates, never do harm.
 */
export class RepublishJobs implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RepublishJobs.name);
  private readonly runs = new Map<string, RepublishRun>();
  /** Beats of other instances' jobs, and how often they were seen unchanged. */
  private seen = new Map<string, { beat: number; looks: number }>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly connection: Connection,
    private readonly publisher: Publisher,
  ) {}

  onApplicationBootstrap(): void {
    if (this.publisher.sources.some(({ topic }) => topic)) this.schedule();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
    await Promise.all([...this.runs.values()].map((run) => run.stop()));
  }

  /** Durable when it returns; the work goes on behind it. */
  async start(order: RepublishOrder): Promise<RepublishJob> {
    const source = this.sourceOf(order.topic);
    if (!source) throw new RepublishRefused('topic', `${order.topic} is not published by this service`);
    if (order.raise && source.topic?.ordering !== 'state') {
      throw new RepublishRefused('raise', 'only aggregates of a state topic can be raised');
    }
    const { above, topic, ids, changedSince, aboveVersion, raise, rate } = order;
    const job: RepublishJob = {
      _id: randomUUID(),
      topic,
      ids,
      changedSince,
      aboveVersion,
      raise,
      rate,
      ...(above && { above: Object.entries(above).map(([id, version]) => ({ id, version })) }),
      state: 'running',
      sent: 0,
      raised: 0,
      skipped: 0,
      beat: 0,
      startedAt: new Date(),
    };
    await translated(() => this.jobs.insertOne(job, { ...DURABLE, ignoreUndefined: true }));
    this.run(job, source);
    return job;
  }

  async find(id: string): Promise<RepublishJob> {
    const job = await translated(() => this.jobs.findOne({ _id: id }));
    if (!job) throw new RepublishUnknown(id);
    return job;
  }

  /** Reports of the newest 100 jobs, the newest first. They are read some at a time: a job may have 1,000 long ids. */
  list(): Promise<object[]> {
    const part = { projection: { above: 0 }, sort: { startedAt: -1 }, limit: 100, batchSize: JOBS_AT_ONCE } as const;
    return translated(async () => {
      const reports: object[] = [];
      for await (const job of this.jobs.find({}, part)) reports.push(jobReport(job));
      return reports;
    });
  }

  /** Whoever works on it stops at once or at its next beat. */
  async cancel(id: string): Promise<RepublishJob> {
    const cancelled = { $set: { state: 'cancelled' as const, endedAt: new Date() } };
    await translated(() => this.jobs.updateOne({ _id: id, state: 'running' }, cancelled, DURABLE));
    this.runs.get(id)?.abort();
    return this.find(id);
  }

  private get jobs(): mongo.Collection<RepublishJob> {
    const { db } = this.connection;
    if (!db) throw new StoreUnavailable();
    return db.collection<RepublishJob>('republish.jobs');
  }

  private sourceOf(topic: string): OutboxSource | undefined {
    return this.publisher.sources.find((source) => source.topic?.name === topic);
  }

  private run(job: RepublishJob, source: OutboxSource): void {
    if (this.stopped) return;
    const run = new RepublishRun(job, { source, publisher: this.publisher, jobs: () => this.jobs });
    this.runs.set(job._id, run);
    void run.finished.finally(() => this.runs.delete(job._id));
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.looking = this.look().finally(() => this.schedule());
    }, BEAT_MS);
    this.timer.unref();
  }

  /** Beats for the own jobs, and takes over those whose beat stands still. */
  private async look(): Promise<void> {
    try {
      for (const run of this.runs.values()) await run.beat();
      const seen = new Map<string, { beat: number; looks: number }>();
      for (const job of await this.jobs.find({ state: 'running' }, heads).toArray()) {
        if (this.runs.has(job._id)) continue;
        const before = this.seen.get(job._id);
        const looks = before?.beat === job.beat ? before.looks + 1 : 0;
        if (looks >= STILL_LOOKS) await this.takeOver(job);
        else seen.set(job._id, { beat: job.beat, looks });
      }
      this.seen = seen;
    } catch (error) {
      if (!isStoreTrouble(error)) this.logger.error('looking after the republish jobs failed', error);
    }
  }

  private async takeOver({ _id, topic, beat }: RepublishJob): Promise<void> {
    const source = this.sourceOf(topic);
    if (!source) return;
    const taken = await this.jobs.updateOne({ _id, state: 'running', beat }, { $inc: { beat: 1 } }, DURABLE);
    const job = taken.matchedCount === 0 ? null : await this.jobs.findOne({ _id });
    if (!job) return;
    this.logger.log(`going on with job ${job._id} behind ${job.cursor ?? 'its beginning'}`);
    this.run(job, source);
  }
}
