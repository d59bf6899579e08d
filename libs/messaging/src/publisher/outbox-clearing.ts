import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { type AggregateDocument, documentId, idOf } from '../document';
import { isStoreTrouble } from '../mongo-errors';
import { reached } from '../steps';
import { type OutboxSource, sourceKey } from './outbox-source';
import type { OrderRestoring } from './order-restoring';

const MAX_CLEARS = 500;
/** Under load one bulk write clears what two requests to Kafka have carried. */
const APART_MS = 10;
const RETRY_MS = 500;

interface Clear {
  readonly source: OutboxSource;
  readonly id: string;
  /** Everything up to this version was acknowledged by Kafka. */
  readonly version: number;
  /** Later events of the aggregate are in memory: only the acknowledged ones are taken out. */
  readonly more: boolean;
}

/**
 * Takes acknowledged events out of their documents, in bulk while the next requests fly. A clear that is lost is repeated by
 * the sweep's re-publishing: the consequence is a duplicate, never a loss. Rules R2 and R7.
 */
export class OutboxClearing {
  private readonly logger = new Logger(OutboxClearing.name);
  private readonly waiting = new Map<string, Clear>();
  private readonly underWay = new Map<string, Clear>();
  private readonly quit = new AbortController();
  private running = false;
  private departedAt = -Infinity;

  constructor(private readonly restoring: OrderRestoring) {}

  get idle(): boolean {
    return !this.running && this.waiting.size === 0;
  }

  /** The version up to which an aggregate is being cleared, or is about to be; 0 where it is not. */
  versionOf(source: OutboxSource, id: string): number {
    const key = keyOf({ source, id });
    return Math.max(this.waiting.get(key)?.version ?? 0, this.underWay.get(key)?.version ?? 0);
  }

  add(clear: Clear): void {
    this.waiting.set(keyOf(clear), clear);
    if (!this.running) void this.run();
  }

  /** What is not cleared yet stays in its document, and is published once more by the next sweep. */
  stop(): void {
    this.quit.abort();
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.size > 0 && !this.quit.signal.aborted) {
      await this.apart();
      const batch = [...this.waiting.values()].slice(0, MAX_CLEARS);
      for (const clear of batch) {
        this.waiting.delete(keyOf(clear));
        this.underWay.set(keyOf(clear), clear);
      }
      for (const [source, clears] of Map.groupBy(batch, (clear) => clear.source)) await this.clear(source, clears);
      this.underWay.clear();
    }
    this.running = false;
  }

  /** The first bulk write after a pause departs at once. */
  private async apart(): Promise<void> {
    const left = this.departedAt + APART_MS - performance.now();
    if (left > 0) await this.pause(left);
    this.departedAt = performance.now();
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { ref: false, signal: this.quit.signal }).catch(() => undefined);
  }

  private async clear(source: OutboxSource, clears: Clear[]): Promise<void> {
    try {
      await takeOut(
        source,
        clears.filter(({ more }) => more),
      );
      await this.finish(
        source,
        clears.filter(({ more }) => !more),
      );
      const wait = reached('outbox-cleared');
      if (wait) await wait;
    } catch (error) {
      if (!isStoreTrouble(error)) this.logger.error({ msg: 'clearing outboxes failed', err: error });
      // a newer clear of the same aggregate covers the lost one
      for (const clear of clears) if (!this.waiting.has(keyOf(clear))) this.waiting.set(keyOf(clear), clear);
      await this.pause(RETRY_MS);
    }
  }

  /** The filter proves that no later event exists, so nothing is pending; where it does not match, the long way (R2). */
  private async finish(source: OutboxSource, clears: Clear[]): Promise<void> {
    if (clears.length === 0) return;
    const operations = clears.map(({ id, version }) => ({
      updateOne: {
        filter: { _id: documentId(id), eventVersion: version },
        update: { $set: { outbox: [] }, $unset: { outboxSince: 1 as const } },
      },
    }));
    const result = await source.collection.bulkWrite(operations, { ordered: false });
    if (result.matchedCount === clears.length) {
      for (const { id } of clears) this.restoring.isNewest(source, id);
      return;
    }
    const documents = await source.collection
      .find({ _id: { $in: clears.map(({ id }) => documentId(id)) } }, { projection: { eventVersion: 1 } })
      .toArray();
    const versions = new Map(documents.map((document) => [idOf(document._id), document.eventVersion ?? 0]));
    const overtaken = clears.filter(({ id, version }) => (versions.get(id) ?? 0) > version);
    const behind = new Set(overtaken);
    for (const clear of clears) if (!behind.has(clear)) this.restoring.isNewest(source, clear.id);
    await takeOut(source, overtaken);
    for (const { id } of overtaken) this.restoring.overtaken(source, id);
  }
}

/** Removes entries up to the acknowledged version, and the mark where nothing is left. */
async function takeOut(source: OutboxSource, clears: readonly Clear[]): Promise<void> {
  if (clears.length === 0) return;
  await source.collection.bulkWrite(
    clears.flatMap(({ id, version, more }) => {
      const _id = documentId(id);
      const pull = { updateOne: { filter: { _id }, update: { $pull: { outbox: { version: { $lte: version } } } } } };
      return more ? [pull] : [pull, unmark(_id)];
    }),
  );
}

export function unmark(_id: AggregateDocument['_id']) {
  return { updateOne: { filter: { _id, outbox: { $size: 0 } }, update: { $unset: { outboxSince: 1 as const } } } };
}

function keyOf({ source, id }: { source: OutboxSource; id: string }): string {
  return sourceKey(source, id);
}
