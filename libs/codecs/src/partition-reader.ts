import {
  BATCH_MAGIC,
  type BatchHeader,
  checksumIn,
  firstOffsetOf,
  FRAME_BYTES,
  lastOffsetOf,
  MAGIC_AT,
  readBatchHeader,
} from './batch-header';
import type { BegunBatches } from './begun-batches';
import { Malformed } from './cursor';
import type { FetchBudget } from './fetch-budget';
import type { FetchedRecord } from './fetched-record';
import { readMessage } from './legacy-message';
import { MAX_RESPONSE_BYTES } from './limits';
import { cpuTimeMs, type Overruns } from './overruns';
import { PartitionRecords, type WhyWithheld } from './partition-records';
import { isAbortMarker, readBatch } from './record-batch';

/** The smallest frame of any format holds so much behind its length. */
const MIN_LENGTH = 14;

/** A transaction that was aborted: what its producer wrote from this offset to the marker is for nobody. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** What a broker says of one partition in its response to a fetch. */
export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  /** The offset that was asked for. */
  readonly fetchOffset: number;
  readonly highWatermark: number;
  readonly aborted: readonly AbortedTransaction[];
  /** One batch or message behind the other; the last one may be cut. */
  readonly bytes: Buffer;
}

/** What is known from responses before. */
export interface ReaderMemory {
  readonly overruns: Overruns;
  readonly begun: BegunBatches;
}

interface Frame {
  readonly bytes: Buffer;
  /** Of the frame behind it; NaN where there is none, or where it says nothing sensible. */
  readonly nextOffset: number;
}

/**
 * Reads what a response holds of one partition. Never throws, and always comes further than the offset that was asked for,
 * unless the budget was spent before, or not one whole batch came.
 */
export class PartitionReader {
  private readonly records: PartitionRecords;
  private readonly aborted: AbortedTransaction[];
  private readonly aborting = new Set<bigint>();
  /** Set where what is behind the last frame cannot be told in this response. */
  private stopped = false;

  constructor(
    private readonly fetched: FetchedPartition,
    budget: FetchBudget,
    private readonly memory: ReaderMemory,
  ) {
    this.records = new PartitionRecords(fetched.fetchOffset, budget);
    this.aborted = fetched.aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
  }

  read(): FetchedRecord[] {
    const { bytes } = this.fetched;
    const { records } = this;
    let at = 0;
    while (!this.stopped && !records.isFull && !records.budget.isSpent && bytes.length - at >= FRAME_BYTES) {
      const length = bytes.readInt32BE(at + 8);
      const end = at + FRAME_BYTES + length;
      if (length < MIN_LENGTH) this.passUnreadable(at, `the frame length ${length} is invalid`);
      else if (end > bytes.length) this.passOversized(at, FRAME_BYTES + length);
      else if (!this.isBehind(at, end)) {
        this.readTimed({ bytes: bytes.subarray(at, end), nextOffset: offsetAt(bytes, end) });
      }
      if (length < MIN_LENGTH || end > bytes.length) break;
      at = end;
    }
    // a broker sends nothing that ends before what it was asked for; if it did, it would do so for ever
    if (at > 0 && records.list.length === 0 && !records.isFull && !records.budget.isSpent) {
      records.withhold(records.next, bytes.subarray(0, at), {
        reason: 'the batch ends before the offset that was asked for',
      });
    }
    return records.list;
  }

  /** Whether a frame ends before what is asked for. */
  private isBehind(at: number, end: number): boolean {
    const { bytes } = this.fetched;
    return lastOffsetOf(bytes, at) < this.records.next && offsetAt(bytes, end) <= this.records.next;
  }

  private readTimed(frame: Frame): void {
    const { topic, partition } = this.fetched;
    const { overruns } = this.memory;
    // the checksum tells the batch from another one at the same place of a topic that was made anew
    const place = `${topic}:${partition}:${this.records.next}:${checksumIn(frame.bytes)}`;
    const started = cpuTimeMs();
    const decoding = { cpuMs: 0 };
    this.records.decoding = decoding;
    if (overruns.has(place)) return this.withhold(frame, { reason: 'decoding it took too long', wasDecoded: true });
    try {
      this.readFrame(frame);
    } catch (error) {
      this.withhold(frame, {
        reason: error instanceof Malformed ? error.message : `it cannot be decoded: ${String(error)}`,
      });
    } finally {
      decoding.cpuMs = cpuTimeMs() - started;
      overruns.took(place, decoding.cpuMs);
      this.records.budget.took(decoding.cpuMs);
    }
  }

  private readFrame({ bytes }: Frame): void {
    const magic = bytes[MAGIC_AT] ?? 0;
    if (magic < BATCH_MAGIC) return void (this.stopped = !readMessage(bytes, this.records));
    if (magic > BATCH_MAGIC) throw new Malformed(`its format ${magic} is unknown`);
    const header = readBatchHeader(bytes);
    if (header.isControl) this.endTransaction(bytes, header);
    else if (!this.isAborted(header)) this.readRecords(bytes, header);
    if (!this.stopped) this.records.pass(header.lastOffset);
  }

  private readRecords(bytes: Buffer, header: BatchHeader): void {
    const { begun } = this.memory;
    const partition = `${this.fetched.topic}:${this.fetched.partition}`;
    const idOf = () => `${header.firstOffset}:${bytes.length}:${checksumIn(bytes)}`;
    // mostly there is none
    const known = begun.isEmpty ? undefined : begun.take(partition, idOf());
    const rest = readBatch({ bytes, header, begun: known }, this.records);
    if (rest) begun.remember(partition, { id: idOf(), ...rest });
    this.stopped = rest !== undefined;
  }

  private isAborted({ isTransactional, producerId, lastOffset }: BatchHeader): boolean {
    if (!isTransactional) return false;
    while ((this.aborted[0]?.firstOffset ?? Infinity) <= lastOffset) {
      const transaction = this.aborted.shift();
      if (transaction) this.aborting.add(transaction.producerId);
    }
    return this.aborting.has(producerId);
  }

  private endTransaction(bytes: Buffer, header: BatchHeader): void {
    try {
      if (this.isAborted(header) && isAbortMarker(bytes, header)) this.aborting.delete(header.producerId);
    } catch {
      // whether its producer's next records count is unknown here; the next response tells what is aborted anew
      this.records.pass(header.lastOffset);
      this.stopped = true;
    }
  }

  /** What is left of a frame whose length is known. Where its last offset cannot be told, one offset is got past at a time. */
  private withhold({ bytes, nextOffset }: Frame, { reason, ...why }: WhyWithheld): void {
    const { records } = this;
    if (nextOffset === records.next) return;
    const last = this.lastOf(bytes, nextOffset);
    if (last === undefined) this.stopped = true;
    records.withhold(last ?? records.next, bytes, { ...why, reason: `the batch is withheld: ${reason}` });
  }

  /** Offsets up to the next frame are nobody's but this one's; its own header is the one that may be wrong. */
  private lastOf(bytes: Buffer, nextOffset: number): number | undefined {
    const { highWatermark } = this.fetched;
    if (nextOffset > this.records.next && nextOffset <= highWatermark) return nextOffset - 1;
    const last = lastOffsetOf(bytes, 0);
    return last >= this.records.next && last < highWatermark ? last : undefined;
  }

  /** Nothing behind it can be found: what was read before it is handed over first. */
  private passUnreadable(at: number, reason: string): void {
    if (this.records.list.length > 0) return;
    this.records.withhold(this.records.next, this.fetched.bytes.subarray(at), {
      reason: `the batch is withheld: ${reason}`,
    });
  }

  /** A frame that is cut comes whole with the next fetch, unless it is larger than any response is read. */
  private passOversized(at: number, size: number): void {
    const { records, fetched } = this;
    if (size <= MAX_RESPONSE_BYTES || records.list.length > 0) return;
    const bytes = fetched.bytes.subarray(at);
    const last = this.lastOf(bytes, NaN) ?? records.next;
    const known = `at most ${MAX_RESPONSE_BYTES} are read; size and hash are of the first ${bytes.length}`;
    records.withhold(last, bytes, { reason: `the batch is withheld: it has ${size} bytes, ${known}` });
  }
}

function offsetAt(bytes: Buffer, at: number): number {
  return bytes.length - at >= FRAME_BYTES ? firstOffsetOf(bytes, at) : NaN;
}
