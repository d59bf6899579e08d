import { createHash } from 'node:crypto';
import type { IHeaders } from 'kafkajs';
import { HEADER_OVERHEAD_BYTES, MAX_KEY_BYTES, RECORD_OVERHEAD_BYTES } from './limits';

export interface RecordHeader {
  readonly name: string;
  readonly value: Buffer | null;
}

/** Why a record is known by its position only, and what tells its bytes when they are read from the topic again. */
export interface WithheldRecord {
  /** At most 300 characters. */
  readonly reason: string;
  /** Bytes of the record, or of the whole compressed batch that could not be opened. */
  readonly sizeBytes: number;
  /** SHA-256 of these bytes, hex. */
  readonly sha256: string;
  /** Of a range of records that could not be told apart; their last offset is that of the record. */
  readonly firstOffset?: string;
  /** Set where it was decoded before, and took too long: its records may be known. */
  readonly wasDecoded?: true;
}

/** What decoding one batch of records cost. */
export interface BatchDecoding {
  /** CPU time so far, in ms. */
  cpuMs: number;
}

interface Content {
  readonly offset: number;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly rawHeaders: readonly RecordHeader[];
  readonly decoding: BatchDecoding;
  readonly isControlRecord?: boolean;
  readonly withheld?: WithheldRecord;
}

/** One record of a fetch, in the shape in which kafkajs hands it to its consumers. */
export class FetchedRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly attributes = 0;
  /** All headers in their order: a name may come several times, and without a value. */
  readonly rawHeaders: readonly RecordHeader[];
  /** kafkajs goes past such a record and hands it to nobody. */
  readonly isControlRecord: boolean;
  /** Set when the record is known by its position only: then there is no value and no header. */
  readonly withheld: WithheldRecord | undefined;
  readonly decoding: BatchDecoding;

  constructor(content: Content) {
    this.offset = String(content.offset);
    this.timestamp = content.timestamp;
    this.key = content.key;
    this.value = content.value;
    this.rawHeaders = content.rawHeaders;
    this.isControlRecord = content.isControlRecord ?? false;
    this.withheld = content.withheld;
    this.decoding = content.decoding;
  }

  /** The headers as kafkajs gives them: an object, in which the values of a name that comes several times are a list. */
  get headers(): IHeaders {
    const headers: Record<string, Buffer | null | (Buffer | null)[]> = Object.create(null);
    for (const { name, value } of this.rawHeaders) {
      const known = headers[name];
      if (known === undefined) headers[name] = value;
      else if (Array.isArray(known)) known.push(value);
      else headers[name] = [known, value];
    }
    return headers as IHeaders;
  }

  /** What it takes in memory, in bytes, roughly: names and values of headers are slices of the batch and count with their overhead only. */
  get memoryBytes(): number {
    const content = (this.key?.length ?? 0) + (this.value?.length ?? 0);
    return RECORD_OVERHEAD_BYTES + content + this.rawHeaders.length * HEADER_OVERHEAD_BYTES;
  }
}

const MAX_REASON_LENGTH = 300;

/** The key of a withheld record, copied so that its batch can be freed; null where it is longer than any id. */
export function keptKey(key: Buffer | null): Buffer | null {
  return key && key.length <= MAX_KEY_BYTES ? Buffer.from(key) : null;
}

/** Says of these bytes why they are withheld. */
export function withheldRecord(
  bytes: Buffer,
  reason: string,
  more: { firstOffset?: number | undefined; wasDecoded?: boolean } = {},
): WithheldRecord {
  return {
    reason: reason.slice(0, MAX_REASON_LENGTH).toWellFormed(),
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    ...(more.firstOffset !== undefined && { firstOffset: String(more.firstOffset) }),
    ...(more.wasDecoded && { wasDecoded: true }),
  };
}
