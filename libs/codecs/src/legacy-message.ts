import { crc32 } from 'node:zlib';
import { firstOffsetOf, FRAME_BYTES } from './batch-header';
import { Cursor, Malformed } from './cursor';
import { FetchedRecord, keptKey, withheldRecord } from './fetched-record';
import { inflate } from './inflate';
import { MAX_INFLATED_BYTES, MAX_RECORD_BYTES } from './limits';
import type { PartitionRecords } from './partition-records';

/** A message of Kafka before 0.11 (magic 0 or 1), or a set of them that is compressed as the value of one. */
interface Message {
  readonly magic: number;
  readonly codec: number;
  readonly timestamp: string;
  readonly cursor: Cursor;
}

/** A checksum, the format's number, the codec, and the lengths of key and value. */
const MIN_LENGTH = 14;
/** Messages in a compressed one: what producers of that time wrote has far fewer. */
const MAX_ENTRIES = 100_000;

interface Entry {
  readonly offset: number;
  readonly bytes: Buffer;
}

/**
 * Reads a message, or the messages inside it that are not accounted for yet, as many as the response may have; false when it
 * did not come to their end. Throws Malformed where it cannot be read further: the rest of it is to be withheld.
 */
export function readMessage(bytes: Buffer, into: PartitionRecords): boolean {
  const offset = firstOffsetOf(bytes, 0);
  if (Number.isNaN(offset)) throw new Malformed('its offset is invalid');
  const message = open(bytes);
  if (message.codec === 0) return add(message, { offset, bytes }, into);
  nullable(message.cursor); // a key, which has no meaning here
  const value = nullable(message.cursor);
  if (!value) throw new Malformed('it is compressed, and empty');
  const inflated = inflate(value, message.codec, MAX_INFLATED_BYTES);
  into.budget.inflated(inflated.length);
  for (const entry of entriesOf(inflated, { offset, isRelative: message.magic === 1 })) {
    const inner = open(entry.bytes);
    if (inner.codec !== 0) throw new Malformed('it is compressed twice');
    if (entry.offset > offset) throw new Malformed('the offset of a record is outside its batch');
    if (!add(inner, entry, into)) return false;
  }
  into.pass(offset);
  return true;
}

function open(bytes: Buffer): Message {
  const cursor = new Cursor(bytes, FRAME_BYTES);
  const crc = cursor.int32();
  if (crc32(bytes.subarray(cursor.at)) !== crc >>> 0) throw new Malformed('its checksum is wrong');
  const magic = cursor.int8();
  if (magic !== 0 && magic !== 1) throw new Malformed(`its format ${magic} is unknown`);
  const codec = cursor.int8() & 0x07;
  return { magic, codec, timestamp: magic === 1 ? String(cursor.int64()) : '-1', cursor };
}

/** Where offsets are relative, the last one is that of the message around them. */
function entriesOf(bytes: Buffer, { offset, isRelative }: { offset: number; isRelative: boolean }): Entry[] {
  const cursor = new Cursor(bytes);
  const entries: Entry[] = [];
  while (cursor.left > 0) {
    const start = cursor.at;
    const own = firstOffsetOf(bytes, cursor.advance(8));
    const length = cursor.int32();
    if (length < MIN_LENGTH) throw new Malformed(`a message of ${length} bytes is invalid`);
    if (entries.length === MAX_ENTRIES) throw new Malformed(`it has more than ${MAX_ENTRIES} messages`);
    cursor.advance(length);
    if (!(own > (entries.at(-1)?.offset ?? -1))) throw new Malformed('its offsets are not in order');
    entries.push({ offset: own, bytes: bytes.subarray(start, cursor.at) });
  }
  const base = isRelative ? offset - (entries.at(-1)?.offset ?? 0) : 0;
  return base === 0 ? entries : entries.map((entry) => ({ ...entry, offset: base + entry.offset }));
}

function add({ cursor, timestamp }: Message, { offset, bytes }: Entry, into: PartitionRecords): boolean {
  if (offset < into.next) return true;
  if (into.isFull) return false;
  const [key, value] = [nullable(cursor), nullable(cursor)];
  const base = { offset, timestamp, rawHeaders: [], decoding: into.decoding };
  if (bytes.length <= MAX_RECORD_BYTES) into.add(offset, new FetchedRecord({ ...base, key, value }));
  else {
    const withheld = withheldRecord(bytes, `the record is withheld: it has ${bytes.length} bytes`);
    into.add(offset, new FetchedRecord({ ...base, key: keptKey(key), value: null, withheld }));
  }
  return true;
}

function nullable(cursor: Cursor): Buffer | null {
  const length = cursor.int32();
  return length === -1 ? null : cursor.take(length);
}
