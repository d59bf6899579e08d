/** What tells a log from another one of the same name. */
export interface TopicIds {
  /** Null on a cluster that gives itself no id. */
  readonly clusterId: string | null;
  /** By topic: 32 hexadecimal digits. A topic that does not exist has none. */
  readonly ids: ReadonlyMap<string, string>;
}

const NO_TAGS = 0;
const NO_ID = '0'.repeat(32);

/**
 * The body of Kafka's Metadata request, version 10 (KIP-516). It begins with the tagged fields of the request's header, which
 * kafkajs does not write because it knows older headers only (KIP-482).
 */
export function metadataRequest(topics: readonly string[]): Buffer {
  const named = topics.flatMap((topic) => [Buffer.alloc(16), compactString(topic), Buffer.of(NO_TAGS)]);
  // neither topics to be created, nor the rights on the cluster and on topics
  const flags = Buffer.of(0, 0, 0);
  return Buffer.concat([Buffer.of(NO_TAGS), unsignedVarint(topics.length + 1), ...named, flags, Buffer.of(NO_TAGS)]);
}

/** Reads the answer to it. Throws RangeError where it is cut off. */
export function readMetadata(body: Buffer): TopicIds {
  const answer = new CompactReader(body);
  answer.skipTags();
  answer.skip(4);
  answer.each(() => {
    answer.skip(4);
    answer.string();
    answer.skip(4);
    answer.string();
    answer.skipTags();
  });
  const clusterId = answer.string();
  answer.skip(4);
  const ids = new Map<string, string>();
  answer.each(() => {
    answer.skip(2);
    const name = answer.string() ?? '';
    const id = answer.take(16).toString('hex');
    answer.skip(1);
    answer.each(() => skipPartition(answer));
    answer.skip(4);
    answer.skipTags();
    if (id !== NO_ID) ids.set(name, id);
  });
  return { clusterId, ids };
}

function skipPartition(answer: CompactReader): void {
  answer.skip(2 + 4 + 4 + 4);
  // replicas, those in sync, those offline
  for (let list = 0; list < 3; list++) answer.each(() => answer.skip(4));
  answer.skipTags();
}

function compactString(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([unsignedVarint(bytes.length + 1), bytes]);
}

function unsignedVarint(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left >>>= 7) {
    if (left < 0x80) return Buffer.from([...bytes, left]);
    bytes.push((left & 0x7f) | 0x80);
  }
}

/** The compact encodings of KIP-482. Every read throws RangeError behind the end, which bounds every loop. */
class CompactReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  take(count: number): Buffer {
    const end = this.at + count;
    if (end > this.bytes.length) throw new RangeError('the answer is cut off');
    const part = this.bytes.subarray(this.at, end);
    this.at = end;
    return part;
  }

  skip(count: number): void {
    this.take(count);
  }

  string(): string | null {
    const length = this.varint();
    return length === 0 ? null : this.take(length - 1).toString();
  }

  /** Calls for every element of an array. */
  each(read: () => void): void {
    for (let left = this.varint(); left > 1; left--) read();
  }

  skipTags(): void {
    for (let left = this.varint(); left > 0; left--) {
      this.varint();
      this.skip(this.varint());
    }
  }

  private varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.take(1).readUInt8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number is too long');
  }
}
