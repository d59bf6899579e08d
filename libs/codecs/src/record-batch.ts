import { BATCH_HEADER_BYTES, type BatchHeader } from './batch-header';
import type { BegunBatch } from './begun-batches';
import { Cursor, Malformed } from './cursor';
import { inflate } from './inflate';
import { MAX_INFLATED_BYTES } from './limits';
import type { PartitionRecords } from './partition-records';
import { readRecord } from './record';
import { TooLarge } from './too-large';

/** A control record's key: a version, and what it says of its transaction. */
const CONTROL_KEY_BYTES = 4;
const ABORT = 0;

/** A batch with what is known of it. */
export interface OpenBatch {
  readonly bytes: Buffer;
  readonly header: BatchHeader;
  /** Where a response before has left it. */
  readonly begun: BegunBatch | undefined;
}

/**
 * Reads the records of a batch that are not accounted for yet, as many as the response may have. Returns where the next response
 * goes on when it did not come to the batch's end, else undefined. `begun` is what was returned of the same batch before. Throws
 * Malformed where the batch cannot be read further: the rest of it is to be withheld.
 */
export function readBatch(
  { bytes, header, begun }: OpenBatch,
  into: PartitionRecords,
): Omit<BegunBatch, 'id'> | undefined {
  const inflated = header.codec === 0 ? undefined : (begun?.inflated ?? inflatedFrom(bytes, header, into));
  const cursor = inflated ? new Cursor(inflated) : new Cursor(bytes, BATCH_HEADER_BYTES);
  // a fetch from an earlier offset begins at the beginning
  const from = begun && begun.last < into.next ? begun : undefined;
  if (from) cursor.at = from.at;
  let last = from?.last ?? header.firstOffset - 1;
  for (let index = from?.index ?? 0; index < header.count; index++) {
    const at = cursor.at;
    const length = cursor.varint();
    const start = cursor.advance(length);
    cursor.at = start;
    const batchEnd = cursor.end;
    cursor.end = start + length;
    cursor.int8(); // attributes, which are none
    const delta = cursor.varlong();
    const offset = header.firstOffset + cursor.varint();
    // compaction leaves gaps, but never more of them than records are missing
    const latest = header.lastOffset - (header.count - 1 - index);
    if (offset <= last || offset > latest) throw new Malformed('the offset of a record is not in its place');
    if (offset >= into.next) {
      if (into.isFull) return { inflated, index, at, last };
      into.add(
        offset,
        readRecord(cursor, start, { offset, timestamp: timeOf(header, delta), decoding: into.decoding }),
      );
    }
    last = offset;
    cursor.at = start + length;
    cursor.end = batchEnd;
  }
  if (cursor.left > 0 && last < header.lastOffset) throw new Malformed('it has more records than it says');
  return undefined;
}

/** Whether a control batch ends an aborted transaction. Throws Malformed where it cannot be read. */
export function isAbortMarker(bytes: Buffer, header: BatchHeader): boolean {
  if (header.codec !== 0 || header.count !== 1) throw new Malformed('it is no control batch');
  const cursor = new Cursor(bytes, BATCH_HEADER_BYTES);
  cursor.varint(); // the record's length
  cursor.int8();
  cursor.varlong();
  cursor.varint();
  const key = cursor.take(cursor.varint());
  if (key.length < CONTROL_KEY_BYTES) throw new Malformed('its key tells no control type');
  return key.readInt16BE(2) === ABORT;
}

function inflatedFrom(bytes: Buffer, { codec, count }: BatchHeader, { budget }: PartitionRecords): Buffer {
  try {
    const inflated = inflate(bytes.subarray(BATCH_HEADER_BYTES), codec, MAX_INFLATED_BYTES);
    budget.inflated(inflated.length);
    return inflated;
  } catch (error) {
    budget.inflated(error instanceof TooLarge ? error.maxBytes : 0);
    if (error instanceof TooLarge) throw new Malformed(`its ${count} records inflate to ${error.message}`);
    throw error;
  }
}

function timeOf({ appendTimestamp, firstTimestamp }: BatchHeader, delta: number | bigint): string {
  if (appendTimestamp !== undefined) return appendTimestamp;
  const [first, more] = [Number(firstTimestamp), Number(delta)];
  if (Number.isSafeInteger(first) && Number.isSafeInteger(first + more)) return String(first + more);
  return String(BigInt.asIntN(64, firstTimestamp + BigInt(delta)));
}
