import { MAX_RESPONSE_BYTES } from './limits';

const SIZE_BYTES = 4;
/** Of a response that is too large, so much is kept: what a fetch tells of each partition comes before its records. */
const KEPT_BYTES = 256 * 1024;

/** What is used of a connection of kafkajs 2.2.4 (network/connection.js). */
export interface Connection {
  chunks: Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
  readonly authHandlers: unknown;
  readonly socket: { destroy(error: Error): void } | undefined;
  readonly requestQueue: { fulfillRequest(response: { size: number; correlationId: number; payload: Buffer }): void };
  processData(bytes: Buffer): void;
}

interface Draining {
  readonly kept: Buffer[];
  readonly size: number;
  keptBytes: number;
  missingBytes: number;
}

/**
 * kafkajs buffers a response whatever its size. One above 32 MiB is read to its end, and answered with its first 256 KiB, from
 * which a fetch knows what it must get past.
 */
export function boundResponses(prototype: Connection): void {
  const original = prototype.processData;
  const draining = new WeakMap<Connection, Draining>();
  prototype.processData = function (this: Connection, bytes) {
    const drained = draining.get(this);
    if (drained) {
      const rest = bytes.subarray(drained.missingBytes);
      drain(drained, bytes.subarray(0, drained.missingBytes));
      if (drained.missingBytes > 0) return;
      draining.delete(this);
      answer(this, drained);
      if (rest.length > 0) this.processData(rest);
      return;
    }
    original.call(this, bytes);
    // an empty rest would keep the response that it is the end of
    if (this.bytesBuffered === 0) this.chunks = [];
    if (this.bytesNeeded > SIZE_BYTES + MAX_RESPONSE_BYTES) draining.set(this, begin(this));
  };
}

function begin(connection: Connection): Draining {
  const { bytesNeeded, chunks } = connection;
  const size = bytesNeeded - SIZE_BYTES;
  if (connection.authHandlers) connection.socket?.destroy(new Error(`a login was answered with ${size} bytes`));
  const begun = { kept: [], keptBytes: 0, size, missingBytes: size };
  drain(begun, Buffer.concat(chunks).subarray(SIZE_BYTES));
  connection.chunks = [];
  connection.bytesBuffered = 0;
  connection.bytesNeeded = SIZE_BYTES;
  return begun;
}

function drain(draining: Draining, bytes: Buffer): void {
  draining.missingBytes -= bytes.length;
  const kept = bytes.subarray(0, KEPT_BYTES - draining.keptBytes);
  draining.keptBytes += kept.length;
  if (kept.length > 0) draining.kept.push(kept);
}

function answer({ requestQueue }: Connection, { kept, size }: Draining): void {
  const bytes = Buffer.concat(kept);
  requestQueue.fulfillRequest({ size, correlationId: bytes.readInt32BE(0), payload: bytes.subarray(4) });
}
