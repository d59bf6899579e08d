import { connect, type Socket } from 'node:net';

/** The first versions that know zstd. */
const PRODUCE = { key: 0, version: 7 };
const FETCH = { key: 1, version: 10 };
const TIMEOUT_MS = 30_000;
const MAX_FETCH_BYTES = 8 * 1_024 * 1_024;

/**
 * One connection to the only broker of a test, without a client library: it writes batches byte by byte as they are given,
 * and reads them as they are. One request at a time; the connection is of no use after an error.
 */
export class BrokerWire {
  private received: Buffer[] = [];
  private waiting: { resolve: (response: Buffer) => void; reject: (error: Error) => void } | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('the broker does not answer')));
    socket.on('data', (data) => this.take(data));
    socket.on('error', (error) => this.waiting?.reject(error));
    socket.on('close', () => this.waiting?.reject(new Error('the broker closed the connection')));
  }

  /** `broker` is host:port. The connection closes when the work is done or fails. */
  static async use<T>(broker: string, work: (wire: BrokerWire) => Promise<T>): Promise<T> {
    const [host = '', port] = broker.split(':');
    const socket = connect({ host, port: Number(port) });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    try {
      return await work(new BrokerWire(socket));
    } finally {
      socket.destroy();
    }
  }

  /** Returns the offset of the batch's first record; throws with Kafka's error code when the broker refuses it. */
  async produce(topic: string, partition: number, batch: Buffer): Promise<number> {
    const response = await this.request(
      PRODUCE,
      Buffer.concat([int16(-1), int16(-1), int32(TIMEOUT_MS), ...of(topic, partition), int32(batch.length), batch]),
    );
    // one topic, its name, one partition, its index
    const at = 4 + 2 + Buffer.byteLength(topic) + 4 + 4;
    const errorCode = response.readInt16BE(at);
    if (errorCode !== 0) throw new Error(`Kafka refused a batch for ${topic}[${partition}]: error code ${errorCode}`);
    return Number(response.readBigInt64BE(at + 2));
  }

  /** The batches from the one that holds the offset, as many as fit into 8 MiB; the last one may be cut off. */
  async fetch(topic: string, partition: number, offset: number): Promise<Buffer> {
    const position = Buffer.concat([int32(-1), int64(offset), int64(-1), int32(MAX_FETCH_BYTES)]);
    // nobody's replica, no waiting, no least size; uncommitted records too; no session
    const limits = Buffer.concat([int32(-1), int32(0), int32(0), int32(MAX_FETCH_BYTES), Buffer.from([0])]);
    const request = [limits, int32(0), int32(-1), ...of(topic, partition), position, int32(0)];
    const response = await this.request(FETCH, Buffer.concat(request));
    // throttling, an error and a session; then as above
    const at = 4 + 2 + 4 + 4 + 2 + Buffer.byteLength(topic) + 4 + 4;
    const errorCode = response.readInt16BE(at);
    if (errorCode !== 0) throw new Error(`Kafka does not tell ${topic}[${partition}]: error code ${errorCode}`);
    const aborted = Math.max(0, response.readInt32BE(at + 26));
    const length = at + 30 + aborted * 16;
    return response.subarray(length + 4, length + 4 + Math.max(0, response.readInt32BE(length)));
  }

  private request({ key, version }: { key: number; version: number }, body: Buffer): Promise<Buffer> {
    const header = Buffer.concat([int16(key), int16(version), int32(1), text('test')]);
    this.socket.write(Buffer.concat([int32(header.length + body.length), header, body]));
    return new Promise((resolve, reject) => (this.waiting = { resolve, reject }));
  }

  private take(data: Buffer): void {
    this.received.push(data);
    const bytes = this.received.reduce((sum, { length }) => sum + length, 0);
    const [first] = this.received;
    const needed = first && first.length >= 4 ? first.readInt32BE() + 4 : undefined;
    if (bytes < 4 || (needed !== undefined && bytes < needed)) return;
    const whole = Buffer.concat(this.received);
    this.received = [whole];
    if (whole.length < whole.readInt32BE() + 4) return;
    this.received = [];
    // behind the length and the correlation id
    this.waiting?.resolve(whole.subarray(8));
  }
}

/** One topic with one partition. */
function of(topic: string, partition: number): Buffer[] {
  return [int32(1), text(topic), int32(1), int32(partition)];
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function int64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(BigInt(value));
  return buffer;
}

function text(value: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
}
