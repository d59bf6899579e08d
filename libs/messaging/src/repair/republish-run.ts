import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { mongo } from 'mongoose';
import { type AggregateDocument, documentId, idOf } from '../document';
import { DURABLE } from '../durable';
import { OutboxFull, VersionConflict } from '../failures';
import { isStoreTrouble, translated } from '../mongo-errors';
import { eventsAgain } from '../publisher/events-again';
import type { OutboxSource } from '../publisher/outbox-source';
import type { Publisher } from '../publisher/publisher';
import { documentsBehind } from './digest';
import type { RepublishJob } from './republish-job';

const MAX_PAGE = 100;
/** Loaded at a time: an aggregate and its events may be some hundred KiB. */
const CONCURRENT = 20;
const RETRY_MS = 200;
const AFTER_TROUBLE_MS = 1_000;

interface Work {
  readonly source: OutboxSource;
  readonly publisher: Publisher;
  readonly jobs: () => mongo.Collection<RepublishJob>;
}

type Done = 'sent' | 'raised' | 'skipped';

/**
 * Works one job off, a page at a time: the page's events go through the publisher beside the live ones, its end is noted when
 * Kafka has them all. What a process left undone of a page is sent again by the next one.
 */
export class RepublishRun {
  private readonly logger = new Logger('Republish');
  private readonly quit = new AbortController();
  private readonly aborts: Promise<false>;
  private readonly above: ReadonlyMap<string, number>;
  readonly finished: Promise<void>;

  constructor(
    private job: RepublishJob,
    private readonly work: Work,
  ) {
    this.above = new Map(job.above?.map(({ id, version }) => [id, version]));
    this.aborts = new Promise((resolve) => this.quit.signal.addEventListener('abort', () => resolve(false)));
    this.finished = this.start();
  }

  abort(): void {
    this.quit.abort();
  }

  /** Leaves the job as it stands, for another instance or the next start. */
  async stop(): Promise<void> {
    this.abort();
    await this.finished;
  }

  /** Tells others that somebody works on the job, and hears that it was cancelled. */
  async beat(): Promise<void> {
    await this.note({ $inc: { beat: 1 } });
  }

  private get aborted(): boolean {
    return this.quit.signal.aborted;
  }

  private async start(): Promise<void> {
    while (!this.aborted) {
      try {
        if (!(await this.page())) return await this.end({ state: 'done' });
      } catch (error) {
        if (this.aborted) return;
        if (!isPassing(error)) return await this.fail(error);
        await this.pause(AFTER_TROUBLE_MS);
      }
    }
  }

  /** False when there is nothing more to do. */
  private async page(): Promise<boolean> {
    const started = performance.now();
    const ids = await this.nextIds();
    const last = ids.at(-1);
    if (last === undefined) return false;
    const done: Done[] = [];
    for (let next = 0; next < ids.length; next += CONCURRENT) {
      const some = ids.slice(next, next + CONCURRENT);
      done.push(...(await Promise.all(some.map((id) => this.again(id)))));
    }
    if (this.aborted) return false;
    const count = (what: Done) => done.filter((each) => each === what).length;
    const $inc = { sent: count('sent'), raised: count('raised'), skipped: count('skipped'), beat: 1 };
    await this.note({ $set: { cursor: last }, $inc });
    this.job = { ...this.job, cursor: last };
    await this.pause((ids.length / this.job.rate) * 1_000 - (performance.now() - started));
    return true;
  }

  private async nextIds(): Promise<string[]> {
    const { ids, cursor, changedSince, aboveVersion, rate } = this.job;
    const size = Math.max(1, Math.min(MAX_PAGE, Math.ceil(rate / 2)));
    if (ids) {
      const from = cursor === undefined ? 0 : ids.indexOf(cursor) + 1;
      return ids.slice(from, from + size);
    }
    const filter = {
      ...(changedSince !== undefined && { eventAt: { $gte: changedSince } }),
      ...(aboveVersion !== undefined && { version: { $gt: aboveVersion } }),
    };
    const behind = { after: cursor, size, filter, projection: { _id: 1 } } as const;
    const found: string[] = [];
    await translated(async () => {
      for await (const documents of documentsBehind(this.work.source.collection, behind)) {
        found.push(...documents.map(({ _id }) => idOf(_id)));
      }
    });
    return found;
  }

  private async again(id: string): Promise<Done> {
    const { source, publisher } = this.work;
    if (this.job.raise) return this.raise(id);
    while (!this.aborted) {
      const document = await source.collection.findOne({ _id: documentId(id) }, { readConcern: { level: 'majority' } });
      if (!document) return 'skipped';
      const events = eventsAgain(source, document);
      // written by an original service and never since: it has no version yet that it could be sent with
      if (events.length === 0) return isBackfill(source, document) ? this.raise(id) : 'skipped';
      // without Kafka it would wait for ever
      if (await Promise.race([publisher.republish(source, id, events), this.aborts])) return 'sent';
      await this.pause(RETRY_MS);
    }
    return 'skipped';
  }

  private async raise(id: string): Promise<Done> {
    await this.work.source.raise(id, this.above.get(id));
    return 'raised';
  }

  private async end(how: { state: RepublishJob['state']; failure?: string }): Promise<void> {
    if (this.aborted) return;
    const noted = await this.note({ $set: { ...how, endedAt: new Date() } }).catch(() => false);
    if (noted) this.logger.log(`job ${this.job._id} is ${how.state}`);
  }

  private async fail(error: unknown): Promise<void> {
    this.logger.error(`job ${this.job._id} failed`, error);
    await this.end({ state: 'failed', failure: error instanceof Error ? error.message : String(error) });
  }

  private async note(update: mongo.UpdateFilter<RepublishJob>): Promise<boolean> {
    const filter = { _id: this.job._id, state: 'running' as const };
    const { matchedCount } = await this.work.jobs().updateOne(filter, update, DURABLE);
    if (matchedCount === 0) this.abort();
    return matchedCount === 1;
  }

  private async pause(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: this.quit.signal, ref: false }).catch(() => undefined);
  }
}

function isBackfill({ topic }: OutboxSource, { eventVersion }: AggregateDocument): boolean {
  return topic?.ordering === 'state' && eventVersion === undefined;
}

function isPassing(error: unknown): boolean {
  return isStoreTrouble(error) || error instanceof OutboxFull || error instanceof VersionConflict;
}
