import type { MongoCommand } from '@storefront/actuator';
import { createRequire } from 'node:module';

type Command = Readonly<Record<string, unknown>>;

interface DriverConnection {
  readonly address: string;
  command(namespace: unknown, command: Command, ...rest: unknown[]): Promise<unknown>;
}

/** Of the driver's own checks whether a server is there. */
const heartbeats = ['hello', 'ismaster', 'isMaster'];
let observer: ((command: MongoCommand) => void) | undefined;
let isPatched = false;

/**
 * Tells every command of mongoose's driver and how long its answer took. Not by the driver's `monitorCommands`: with it, every
 * answer to a find is decoded a second time for the event (mongodb 7, `Connection.sendCommand`), which costs more than the
 * rest of a small read.
 */
export function observeCommands(observe: (command: MongoCommand) => void): void {
  observer = observe;
  if (isPatched) return;
  isPatched = true;
  const fromMongoose = createRequire(require.resolve('mongoose'));
  const { Connection } = fromMongoose('mongodb/lib/cmap/connection') as { Connection: { prototype: DriverConnection } };
  const { command: original } = Connection.prototype;
  Connection.prototype.command = function (this: DriverConnection, namespace, command, ...rest) {
    const name = Object.keys(command)[0] ?? '';
    const answered = original.call(this, namespace, command, ...rest);
    if (heartbeats.includes(name)) return answered;
    const started = performance.now();
    const end = (failed: boolean): void => {
      const seconds = (performance.now() - started) / 1000;
      observer?.({ command: name, collection: collectionOf(name, command), address: this.address, failed, seconds });
    };
    answered.then(
      () => end(false),
      () => end(true),
    );
    return answered;
  };
}

function collectionOf(name: string, command: Command): string {
  const collection = command[name === 'getMore' ? 'collection' : name];
  return typeof collection === 'string' ? collection : 'unknown';
}
