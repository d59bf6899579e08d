import { type Cursor, Malformed } from './cursor';
import { type BatchDecoding, FetchedRecord, keptKey, type RecordHeader, withheldRecord } from './fetched-record';
import { MAX_HEADER_NAME_BYTES, MAX_HEADERS, MAX_RECORD_BYTES } from './limits';

/** A record's place, and how its time is told. */
export interface RecordPlace {
  readonly offset: number;
  readonly timestamp: string;
  readonly decoding: BatchDecoding;
}

/** A key, a value and headers. */
interface Body {
  key: Buffer | null;
  value: Buffer | null;
  rawHeaders: RecordHeader[];
}

const NO_HEADERS: readonly RecordHeader[] = [];

/**
 * Reads key, value and headers up to the cursor's end. `start` is where the record's own bytes begin. Never throws: a record
 * that is not what the format says, or beyond its bounds, is withheld, with its key where that could be read.
 */
export function readRecord(cursor: Cursor, start: number, place: RecordPlace): FetchedRecord {
  const body: Body = { key: null, value: null, rawHeaders: [] };
  try {
    readBody(cursor, cursor.end - start, body);
    return new FetchedRecord({ ...place, ...body });
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const withheld = withheldRecord(
      cursor.bytes.subarray(start, cursor.end),
      `the record is withheld: ${error.message}`,
    );
    return new FetchedRecord({ ...place, key: keptKey(body.key), value: null, rawHeaders: NO_HEADERS, withheld });
  }
}

function readBody(cursor: Cursor, size: number, body: Body): void {
  body.key = nullable(cursor);
  if (size > MAX_RECORD_BYTES) throw new Malformed(`it has ${size} bytes, at most ${MAX_RECORD_BYTES} are read`);
  body.value = nullable(cursor);
  const count = cursor.varint();
  if (count < 0) throw new Malformed('the number of its headers is negative');
  if (count > MAX_HEADERS) throw new Malformed(`it has ${count} headers, at most ${MAX_HEADERS} are read`);
  for (let index = 0; index < count; index++) body.rawHeaders.push(readHeader(cursor));
  if (cursor.left > 0) throw new Malformed(`${cursor.left} bytes are left behind its headers`);
}

function readHeader(cursor: Cursor): RecordHeader {
  const length = cursor.varint();
  if (length > MAX_HEADER_NAME_BYTES) {
    throw new Malformed(`a header's name has ${length} bytes, at most ${MAX_HEADER_NAME_BYTES} are read`);
  }
  const start = cursor.advance(length);
  const name = cursor.bytes.toString('utf8', start, cursor.at);
  return { name, value: nullable(cursor) };
}

function nullable(cursor: Cursor): Buffer | null {
  const length = cursor.varint();
  return length === -1 ? null : cursor.take(length);
}
