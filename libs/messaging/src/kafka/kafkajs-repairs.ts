import { createRequire } from 'node:module';
import { stopIdleTimers } from '@storefront/codecs';

interface Connection {
  socket: { destroy(error: Error): void } | undefined;
  send(protocol: unknown): Promise<unknown>;
}

interface OffsetManager {
  commitOffsets(offsets?: unknown): Promise<void>;
}

/** What kafkajs 2.2.4, which is frozen, does not do by itself; to be called once, before the first client. */
export function repairKafkajs(): void {
  const load = createRequire(require.resolve('kafkajs'));
  stopIdleTimers();
  leaveDeadConnections((load('./src/network/connection') as { prototype: Connection }).prototype);
  shareCommits((load('./src/consumer/offsetManager') as { prototype: OffsetManager }).prototype);
}

/**
 * It goes on with a connection on which a request was never answered. On a half-open one that is for ever: nothing it sends
 * arrives, and the system gives up on the connection after a quarter of an hour. The next request takes a new one.
 */
function leaveDeadConnections(prototype: Connection): void {
  const original = prototype.send;
  prototype.send = async function (this: Connection, protocol: unknown) {
    const { socket } = this;
    try {
      return await original.call(this, protocol);
    } catch (error) {
      if (error instanceof Error && error.name === 'KafkaJSRequestTimeoutError') socket?.destroy(error);
      throw error;
    }
  };
}

/**
 * It commits after every batch what all partitions have resolved. Batches of several partitions end together, and each of them
 * would send the same. One commit at a time: those that come meanwhile share the next, which mostly finds nothing left.
 */
function shareCommits(prototype: OffsetManager): void {
  const original = prototype.commitOffsets;
  const flying = new WeakMap<OffsetManager, Promise<void>>();
  const next = new WeakMap<OffsetManager, Promise<void>>();
  const commit = (manager: OffsetManager): Promise<void> => {
    const flight = original.call(manager).finally(() => flying.delete(manager));
    flying.set(manager, flight);
    return flight;
  };
  prototype.commitOffsets = function (this: OffsetManager, offsets) {
    const flight = flying.get(this);
    if (offsets !== undefined) return original.call(this, offsets);
    if (!flight) return commit(this);
    const shared = next.get(this) ?? flight.catch(() => undefined).then(() => (next.delete(this), commit(this)));
    next.set(this, shared);
    return shared;
  };
}
