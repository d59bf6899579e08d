import { createRequire } from 'node:module';
import { stopIdleTimers } from '@storefront/codecs';
import { KafkaJSNonRetriableError } from 'kafkajs';
import { tellBeforeCommits } from './before-commits';

type TellsCommits = Parameters<typeof tellBeforeCommits>[0];

interface Connection {
  socket: { destroy(error: Error): void } | undefined;
  send(protocol: unknown): Promise<unknown>;
}

interface OffsetManager {
  commitOffsets(offsets?: unknown): Promise<void>;
}

interface Runner {
  readonly running: boolean;
  handleBatch(batch: { isEmptyDueToFiltering(): boolean }): Promise<void>;
  autoCommitOffsets(): Promise<void> | undefined;
}

interface Cluster {
  metadata(of?: { topics?: string[] }): Promise<object | null>;
}

/** What kafkajs 2.2.4, which is frozen, does not do by itself; to be called once, before the first client. */
export function repairKafkajs(): void {
  const load = createRequire(require.resolve('kafkajs'));
  stopIdleTimers();
  leaveDeadConnections((load('./src/network/connection') as { prototype: Connection }).prototype);
  const { prototype: offsetManager } = load('./src/consumer/offsetManager') as {
    prototype: OffsetManager & TellsCommits;
  };
  tellBeforeCommits(offsetManager);
  shareCommits(offsetManager);
  tellOfSilence((load('./src/cluster') as { prototype: Cluster }).prototype);
  commitWhatWasFiltered((load('./src/consumer/runner') as { prototype: Runner }).prototype);
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

/**
 * It commits after every batch, but not after one in which nothing is for the consumer: the marker that ends a transaction, or
 * records of one that was aborted. It goes past them, and where nothing comes behind, the group is seen to lag for ever.
 */
function commitWhatWasFiltered(prototype: Runner): void {
  const original = prototype.handleBatch;
  prototype.handleBatch = async function (this: Runner, batch) {
    await original.call(this, batch);
    if (this.running && batch.isEmptyDueToFiltering()) await this.autoCommitOffsets();
  };
}

/**
 * It asks one broker after the other for metadata, drops what each of them failed with (withBroker in its brokerPool.js), and
 * trips over the answer that it has not got: a TypeError, which nobody can tell from a defect of the caller.
 */
function tellOfSilence(prototype: Cluster): void {
  const original = prototype.metadata;
  prototype.metadata = async function (this: Cluster, of) {
    const found = await original.call(this, of);
    if (found === null) throw new KafkaJSNonRetriableError('no broker answers');
    return found;
  };
}
