import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { isNativeError } from 'node:util/types';
import { mongo } from 'mongoose';

interface DriverConnection {
  readonly socket: Socket;
  writeCommand(command: unknown, options: unknown): Promise<void>;
}

interface DriverPool {
  minPoolSizeTimer: NodeJS.Timeout | undefined;
  ensureMinPoolSize(): void;
}

const POOL_CHECK_MS = 1_000;

let repaired = false;

/** What the driver (7.8) does not do by itself; to be called before the first client. */
export function repairDriver(): void {
  if (repaired) return;
  repaired = true;
  const load = createRequire(require.resolve('mongoose'));
  const { Connection } = load('mongodb/lib/cmap/connection') as { Connection: { prototype: DriverConnection } };
  const { ConnectionPool } = load('mongodb/lib/cmap/connection_pool') as { ConnectionPool: { prototype: DriverPool } };
  hearClose(Connection.prototype);
  checkPoolsLess(ConnectionPool.prototype);
}

/**
 * The driver that has written a command waits for its socket to drain, and hears an error meanwhile, but not a close
 * without one: then it waits for ever. So do, for want of connections, all others; and where it was the monitor's `hello`,
 * the store is never seen again. It comes to pass when the other side closes just before a write: a store that dies behind
 * a proxy. Can go with a driver whose `writeCommand` hears `close`.
 */
function hearClose(prototype: DriverConnection): void {
  const original = prototype.writeCommand;
  prototype.writeCommand = async function (this: DriverConnection, command: unknown, options: unknown) {
    const { promise: closed, reject } = Promise.withResolvers<never>();
    const onClose = () => reject(new mongo.MongoNetworkError('the connection closed while a command was written'));
    this.socket.once('close', onClose);
    try {
      await Promise.race([original.call(this, command, options), closed]);
    } catch (error) {
      throw error instanceof mongo.MongoError ? error : networkError(error);
    } finally {
      this.socket.off('close', onClose);
    }
  };
}

/**
 * It looks ten times a second whether each pool has its least number of connections, also where that is none: a tenth of a
 * percent of a core for every member of the store, when idle. Once a second will do: who needs a connection makes it
 * himself, and a store that has come back is looked at there and then. Can go with a driver that has an option for it.
 */
function checkPoolsLess(prototype: DriverPool): void {
  const original = prototype.ensureMinPoolSize;
  prototype.ensureMinPoolSize = function (this: DriverPool) {
    const last = this.minPoolSizeTimer;
    original.call(this);
    // a pool that is paused or closed has set none
    if (this.minPoolSizeTimer === last) return;
    clearTimeout(this.minPoolSizeTimer);
    this.minPoolSizeTimer = setTimeout(() => this.ensureMinPoolSize(), POOL_CHECK_MS);
  };
}

/** What a socket throws is no error of the driver's, and nobody would take it for trouble with the store. */
function networkError(cause: unknown): unknown {
  const isOfSocket = isNativeError(cause) && 'code' in cause;
  return isOfSocket ? new mongo.MongoNetworkError(cause.message, { cause }) : cause;
}
