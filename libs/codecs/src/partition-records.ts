import { latestTimestampOf } from './batch-header';
import type { FetchBudget } from './fetch-budget';
import { type BatchDecoding, FetchedRecord, withheldRecord } from './fetched-record';
import { MAX_PARTITION_RECORDS } from './limits';

const NOTHING = { timestamp: '-1', key: null, value: null, rawHeaders: [] } as const;

export interface WhyWithheld {
  readonly reason: string;
  /** It could be decoded before. */
  readonly wasDecoded?: boolean;
}

/**
 * The records of one partition that a response yields. Every offset from the one that was fetched is accounted for, in order:
 * by its record, by a record that is withheld, or by one that kafkajs goes past.
 */
export class PartitionRecords {
  readonly list: FetchedRecord[] = [];
  /** Of the batch that is being read. */
  decoding: BatchDecoding = { cpuMs: 0 };

  constructor(
    /** The first offset that is not accounted for. */
    public next: number,
    readonly budget: FetchBudget,
  ) {}

  /** The rest comes with the next fetch. */
  get isFull(): boolean {
    return this.list.length >= MAX_PARTITION_RECORDS || !this.budget.hasRoomForRecords;
  }

  add(offset: number, record: FetchedRecord): void {
    this.list.push(record);
    this.budget.held(record.memoryBytes);
    this.next = offset + 1;
  }

  /** Nothing up to this offset is for a consumer: it was compacted away, its transaction was aborted, or it ends one. */
  pass(last: number): void {
    if (last < this.next) return;
    this.add(last, new FetchedRecord({ ...NOTHING, offset: last, decoding: this.decoding, isControlRecord: true }));
  }

  /** What is not accounted for up to this offset cannot be told apart, or not be read. `bytes` is all that is known of it. */
  withhold(last: number, bytes: Buffer, { reason, wasDecoded = false }: WhyWithheld): void {
    const firstOffset = this.next < last ? this.next : undefined;
    const withheld = withheldRecord(bytes, reason, { firstOffset, wasDecoded });
    const timestamp = latestTimestampOf(bytes);
    this.add(last, new FetchedRecord({ ...NOTHING, timestamp, offset: last, decoding: this.decoding, withheld }));
  }
}
