/** Bytes that are not what the format says. The message says what is wrong with them. */
export class Malformed extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Malformed';
  }
}

const MAX_VARINT_BITS = 35;
const MAX_VARLONG_BITS = 70;
/** A varlong of so many bits is exact as a number. */
const EXACT_BITS = 49;

/** Reads numbers and byte ranges one after the other. Every read throws Malformed where it would pass the end. */
export class Cursor {
  constructor(
    readonly bytes: Buffer,
    public at = 0,
    public end = bytes.length,
  ) {}

  get left(): number {
    return this.end - this.at;
  }

  int8(): number {
    return this.bytes.readInt8(this.advance(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.advance(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.advance(4));
  }

  int64(): bigint {
    return this.bytes.readBigInt64BE(this.advance(8));
  }

  /** A zigzag-coded number of 32 bits in at most five bytes. */
  varint(): number {
    const { bytes, end } = this;
    let value = 0;
    for (let bits = 0; bits < MAX_VARINT_BITS; bits += 7) {
      if (this.at >= end) throw new Malformed('it ends inside a number');
      const byte = bytes[this.at++] ?? 0;
      value |= (byte & 0x7f) << bits;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    throw new Malformed('a number has more than five bytes');
  }

  /** A zigzag-coded number of 64 bits in at most ten bytes: a bigint only where a number would not be exact. */
  varlong(): number | bigint {
    const start = this.at;
    let value = 0;
    for (let bits = 0; bits < EXACT_BITS; bits += 7) {
      if (this.at >= this.end) throw new Malformed('it ends inside a number');
      const byte = this.bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * 2 ** bits;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    this.at = start;
    return this.longVarlong();
  }

  /** The next bytes, shared with what they are read from. */
  take(length: number): Buffer {
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  /** Goes on by so many bytes; returns where it was. */
  advance(length: number): number {
    const start = this.at;
    if (length < 0 || length > this.end - start) throw new Malformed(`it ends before ${length} bytes more`);
    this.at = start + length;
    return start;
  }

  private longVarlong(): bigint {
    let value = 0n;
    for (let bits = 0; bits < MAX_VARLONG_BITS; bits += 7) {
      const byte = this.int8() & 0xff;
      value |= BigInt(byte & 0x7f) << BigInt(bits);
      if (byte < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
    }
    throw new Malformed('a number has more than ten bytes');
  }
}
