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

interface Pool {
  size: number;
  checkedOut: number;
  waiting: number;
}

/** Tells a client's connections as Micrometer names them: `mongodb_driver_pool_size`, `_checkedout`, `_waitqueuesize`. Before it connects. */
export function measureMongoPool(client: PooledClient, registry: Registry = register): void {
  const pools = new Map<string, Pool>();
  const gauge = (name: string, help: string, value: (pool: Pool) => number): void => {
    registry.removeSingleMetric(name);
    const collect = function (this: Gauge): void {
      for (const [address, pool] of pools) this.set({ cluster_id: clusterId, server_address: address }, value(pool));
    };
    new Gauge({ name, help, labelNames: ['cluster_id', 'server_address'], registers: [registry], collect });
  };
  gauge('mongodb_driver_pool_size', 'Connections of the pool', ({ size }) => size);
  gauge('mongodb_driver_pool_checkedout', 'Connections in use', ({ checkedOut }) => checkedOut);
  gauge('mongodb_driver_pool_waitqueuesize', 'Commands that wait for a connection', ({ waiting }) => waiting);
  // numbers until somebody asks: each of these comes with every command
  const on = (event: string, change: (pool: Pool) => void): void =>
    void client.on(event, ({ address }) => {
      const pool = pools.get(address) ?? { size: 0, checkedOut: 0, waiting: 0 };
      pools.set(address, pool);
      change(pool);
    });
  // a pool that is there already is known by its first event
  on('connectionPoolCreated', (pool) => Object.assign(pool, { size: 0, checkedOut: 0, waiting: 0 }));
  on('connectionCreated', (pool) => pool.size++);
  on('connectionClosed', (pool) => pool.size--);
  on('connectionCheckOutStarted', (pool) => pool.waiting++);
  on('connectionCheckOutFailed', (pool) => pool.waiting--);
  on('connectionCheckedOut', (pool) => {
    pool.waiting--;
    pool.checkedOut++;
  });
  on('connectionCheckedIn', (pool) => pool.checkedOut--);
}
