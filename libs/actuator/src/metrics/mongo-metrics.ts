import { Gauge, register, type Registry } from 'prom-client';
import { micrometerTimer, type TimerSeries } from './micrometer-timer';

/** A command that a MongoDB driver has sent and had answered. */
export interface MongoCommand {
  readonly command: string;
  /** `unknown` for commands on none. */
  readonly collection: string;
  /** host:port */
  readonly address: string;
  readonly failed: boolean;
  readonly seconds: number;
}

/** What of the driver's client is listened to. Structural: this library does not bring a driver. */
export interface PooledClient {
  on(event: string, listener: (event: { readonly address: string }) => void): unknown;
}

const clusterId = 'default';
const mostSeries = 500;

/** Times commands as Micrometer names them: `mongodb_driver_commands_seconds`. */
export function mongoCommandTimer(registry: Registry = register): (command: MongoCommand) => void {
  const name = 'mongodb_driver_commands_seconds';
  const labelNames = ['cluster_id', 'server_address', 'command', 'collection', 'status'];
  const timer = micrometerTimer({ name, help: 'Time of commands to the store', labelNames, registry });
  const series = new Map<string, TimerSeries>();
  return ({ command, collection, address, failed, seconds }) => {
    const status = failed ? 'FAILED' : 'SUCCESS';
    const key = `${command} ${collection} ${status} ${address}`;
    let known = series.get(key);
    if (!known) {
      const counted = series.size < mostSeries ? collection : 'other';
      const labels = { cluster_id: clusterId, server_address: address, command, collection: counted, status };
      known = timer.series(labels);
      series.set(key, known);
    }
    known.observe(seconds);
  };
}

/** Tells a client's connections as Micrometer names them: `mongodb_driver_pool_size`, `_checkedout`, `_waitqueuesize`. Before it connects. */
export function measureMongoPool(client: PooledClient, registry: Registry = register): void {
  const labelNames = ['cluster_id', 'server_address'];
  const gauge = (name: string, help: string): Gauge => {
    registry.removeSingleMetric(name);
    return new Gauge({ name, help, labelNames, registers: [registry] });
  };
  const size = gauge('mongodb_driver_pool_size', 'Connections of the pool');
  const checkedOut = gauge('mongodb_driver_pool_checkedout', 'Connections in use');
  const waiting = gauge('mongodb_driver_pool_waitqueuesize', 'Commands that wait for a connection');
  const on = (event: string, change: (labels: Record<string, string>) => void): void =>
    void client.on(event, ({ address }) => change({ cluster_id: clusterId, server_address: address }));
  on('connectionPoolCreated', (labels) => {
    for (const each of [size, checkedOut, waiting]) each.set(labels, 0);
  });
  on('connectionCreated', (labels) => size.inc(labels));
  on('connectionClosed', (labels) => size.dec(labels));
  on('connectionCheckOutStarted', (labels) => waiting.inc(labels));
  on('connectionCheckOutFailed', (labels) => waiting.dec(labels));
  on('connectionCheckedOut', (labels) => {
    waiting.dec(labels);
    checkedOut.inc(labels);
  });
  on('connectionCheckedIn', (labels) => checkedOut.dec(labels));
}
