import type { RawRecord } from '../consumer/raw-record';
import { type PartitionPage, type PositionReader, TopicUnreadable } from '../kafka/record-reader';
import { type PositionEntry, type PositionsChunk, spanOf } from './positions-chunk';

/** Records of a chunk, read again. */
export interface ReadGroup {
  readonly records: readonly RawRecord[];
  /** Of these, every record that is still on the topic was in this group or in one before. */
  readonly ended: readonly PositionEntry[];
  /** Gone from the topic. */
  readonly lost: readonly PositionEntry[];
}

/** Reads the records of a chunk's entries from their topic, in the order of their offsets; neighbours come with one fetch. */
export class PositionsWalk {
  private page: (PartitionPage & { from: number }) | undefined;
  private records: RawRecord[] = [];
  private ended: PositionEntry[] = [];
  private lost: PositionEntry[] = [];

  constructor(
    private readonly reader: PositionReader,
    private readonly chunk: PositionsChunk,
  ) {}

  /** Groups of about that many records. Throws TopicUnreadable. */
  async *groups(entries: readonly PositionEntry[], size: number): AsyncGenerator<ReadGroup> {
    for (const entry of entries) {
      const { first, last } = spanOf(this.chunk, entry);
      let isLost = false;
      for (let at = first; at <= last;) {
        const page = await this.pageAt(at);
        if (typeof page === 'number') {
          isLost = page > last;
          at = page;
          continue;
        }
        const end = Math.min(last + 1, page.next);
        for (const record of page.records) {
          const offset = Number(record.origin.offset);
          if (offset < at || offset >= end) continue;
          this.records.push(record);
          if (this.records.length >= size) yield this.take();
        }
        at = end;
      }
      (isLost ? this.lost : this.ended).push(entry);
      if (this.ended.length + this.lost.length >= size) yield this.take();
    }
    yield this.take();
  }

  /** A number: records before it are gone. */
  private async pageAt(at: number): Promise<PartitionPage | number> {
    if (this.page && at >= this.page.from && at < this.page.next) return this.page;
    const { topic, partition } = this.chunk;
    const page = await this.reader.page(topic, partition, at);
    if ('goneBefore' in page) return page.goneBefore;
    if (page.next <= at) throw new TopicUnreadable(topic, new Error(`nothing came from ${partition}:${at}`));
    this.page = { ...page, from: at };
    return this.page;
  }

  private take(): ReadGroup {
    const { records, ended, lost } = this;
    [this.records, this.ended, this.lost] = [[], [], []];
    return { records, ended, lost };
  }
}
