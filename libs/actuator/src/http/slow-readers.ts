import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** What a client has to take of an answer in each period: 2 KiB a second at the default of 30 s. */
const slowestBytes = 65_536;

interface SlowReaderLimits {
  /** Milliseconds in which a client has to take 64 KiB, or all that waits for it. */
  readonly periodMs: number;
  /** How often the connections are looked at, in milliseconds. */
  readonly checkEveryMs: number;
}

/**
 * Closes connections whose clients do not read what they are sent: a client has to take 64 KiB, or all that waits for it, in each
 * `periodMs`, else its connection is closed at the next look. A client that takes nothing more is therefore let go at most
 * `periodMs` and two looks after it took its last bytes. A connection for which nothing waits is left alone, however long its
 * handler works.
 */
export function closeSlowReaders(server: Server, { periodMs, checkEveryMs }: SlowReaderLimits): void {
  /** By connection, how far its client was when its period began; undefined while nothing waits for the client. */
  const connections = new Map<Socket, Progress | undefined>();
  server.on('connection', (socket: Socket) => {
    connections.set(socket, undefined);
    socket.once('close', () => connections.delete(socket));
  });
  const look = (): void => {
    const now = performance.now();
    for (const [socket, before] of connections) {
      const progress = socket.writableLength > 0 ? progressOf(socket, now) : undefined;
      if (progress === undefined || before === undefined || takenBetween(before, progress) >= slowestBytes) {
        if (progress !== before) connections.set(socket, progress);
      } else if (now - before.sinceMs >= periodMs) {
        socket.destroy();
      }
    }
  };
  const timer = setInterval(look, checkEveryMs).unref();
  server.once('close', () => clearInterval(timer));
}

interface Progress {
  readonly sinceMs: number;
  /** Bytes of the writes that the operating system has taken whole. */
  readonly written: number;
  /** Bytes of the write under way that it has not taken yet. */
  readonly queued: number;
}

function progressOf(socket: Socket, sinceMs: number): Progress {
  return { sinceMs, written: socket.bytesWritten - socket.writableLength, queued: queuedBytes(socket) };
}

function takenBetween(before: Progress, now: Progress): number {
  return now.written - before.written + Math.max(0, before.queued - now.queued);
}

/** Node tells nobody how far a write is, a page of 4 MiB for example, but looks at this for time-outs of its own. */
function queuedBytes(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { readonly _handle?: { readonly writeQueueSize?: number } | null };
  return handle?.writeQueueSize ?? 0;
}
