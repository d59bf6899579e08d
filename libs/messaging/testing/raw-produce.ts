import { once } from 'node:events';
import { connect } from 'node:net';
import { settings } from './harness';

const PRODUCE = 0;
/** The first that takes zstd. */
const VERSION = 7;
const TIMEOUT_MS = 30_000;

/** Appends a record batch to partition 0, byte by byte as it is given: what no client would send. Returns its first offset. */
export async function produceRaw(topic: string, batch: Buffer): Promise<number> {
  const [host, port] = settings().brokers[0]?.split(':') ?? [];
  const socket = connect({ host, port: Number(port) });
  await once(socket, 'connect');
  try {
    const request = Buffer.concat([
      int16(PRODUCE),
      int16(VERSION),
      int32(1), // correlation id
      text('raw'),
      int16(-1), // no transaction
      int16(-1), // acknowledged by all
      int32(TIMEOUT_MS),
      int32(1),
      text(topic),
      int32(1),
      int32(0),
      int32(batch.length),
      batch,
    ]);
    socket.write(Buffer.concat([int32(request.length), request]));
    return readAnswer(await readFrame(socket), topic);
  } finally {
    socket.destroy();
  }
}

async function readFrame(socket: AsyncIterable<Buffer>): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE(0)) return bytes.subarray(4);
  }
  throw new Error('the broker hung up');
}

/** Correlation id, one topic, one partition, its number, the error and the offset. */
function readAnswer(answer: Buffer, topic: string): number {
  const at = 4 + 4 + 2 + Buffer.byteLength(topic) + 4 + 4;
  const error = answer.readInt16BE(at);
  if (error !== 0) throw new Error(`the broker refused the batch: error ${error}`);
  return Number(answer.readBigInt64BE(at + 2));
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
}
