import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { isNativeError } from 'node:util/types';
import { mongo } from 'mongoose';

interface DriverConnection {
  readonly socket: Socket;
  writeCommand(command: unknown, options: unknown): Promise<void>;
}

let repaired = false;

/**
 * The driver (7.8) that has written a command waits for its socket to drain, and hears an error meanwhile, but not a close
 * without one: then it waits for ever. So do, for want of connections, all others; and where it was the monitor's `hello`,
 * the store is never seen again. It comes to pass when the other side closes just before a write: a store that dies behind
 * a proxy. Can go with a driver whose `writeCommand` hears `close`.
 */
export function repairDriver(): void {
  if (repaired) return;
  repaired = true;
  const load = createRequire(require.resolve('mongoose'));
  const { Connection } = load('mongodb/lib/cmap/connection') as { Connection: { prototype: DriverConnection } };
  const original = Connection.prototype.writeCommand;
  Connection.prototype.writeCommand = async function (this: DriverConnection, command: unknown, options: unknown) {
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

/** What a socket throws is no error of the driver's, and nobody would take it for trouble with the store. */
function networkError(cause: unknown): unknown {
  const isOfSocket = isNativeError(cause) && 'code' in cause;
  return isOfSocket ? new mongo.MongoNetworkError(cause.message, { cause }) : cause;
}
