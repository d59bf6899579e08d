import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../embedded/ports';
import { endProcess } from '../../embedded/processes';
import { repositoryRoot } from '../../embedded/repository';
import { databaseUri } from '../../scripts/system-settings';
import { eventually } from '../../test/eventually';
import { Topics } from '../../test/system/topics';
import type { Pids } from './cpu';

const START_PATIENCE_MS = 60_000;
const STOP_PATIENCE_MS = 10_000;

export interface Servers {
  readonly brokers: string;
  readonly mongoUri: string;
  readonly logs: string;
}

export interface Yardstick {
  readonly url: string;
  readonly pids: Pids;
  stopOrders(): Promise<void>;
  startOrders(): Promise<void>;
  stop(): Promise<void>;
}

export const yardsticks = ['floor', 'nest-defaults'] as const;

export const topicOf = { floor: 'floor.customer.change', 'nest-defaults': 'nest.customer.change' } as const;

/** With as many partitions as the storefront's topic has. */
export async function createYardstickTopics(brokers: string): Promise<void> {
  const names = Object.values(topicOf);
  const topics = new Topics(brokers);
  const wanted = names.map((topic) => ({ topic, numPartitions: 3 }));
  await topics.admin((admin) => admin.createTopics({ topics: wanted, waitForLeaders: false }));
  await eventually(
    () => topics.ends(names).catch(() => []),
    (ends) => ends.length > 0,
    60_000,
  );
}

/** Two processes that do what Accounts and Orders do with a customer, of a folder of this benchmark. */
export async function startYardstick(name: (typeof yardsticks)[number], servers: Servers): Promise<Yardstick> {
  const port = await freePort();
  const start = (service: string) => startService({ ...servers, name, service, port });
  const [accounts, orders] = await Promise.all([start('accounts'), start('orders')]);
  const pids = { accounts, orders };
  const end = (pid: number) => endProcess(pid, STOP_PATIENCE_MS);
  return {
    url: `http://127.0.0.1:${port}`,
    pids,
    stopOrders: () => end(pids.orders),
    startOrders: async () => void (pids.orders = await start('orders')),
    stop: async () => void (await Promise.all(Object.values(pids).map(end))),
  };
}

interface YardstickProcess extends Servers {
  readonly name: string;
  readonly service: string;
  readonly port: number;
}

/** Resolves with its process id when it says that it is ready. */
async function startService({ name, service, brokers, mongoUri, logs, port }: YardstickProcess): Promise<number> {
  const root = repositoryRoot();
  const preload = [join(root, 'scripts', 'die-with-parent.cjs'), join(root, 'libs/service/test/register-swc.cjs')];
  const entry = join(root, 'bench', name, `${service}.ts`);
  const settings = {
    KAFKA_BROKERS: brokers,
    MONGODB_URI: databaseUri(mongoUri, `${name}-${service}`),
    PORT: String(port),
  };
  const log = openSync(join(logs, `${name}-${service}.log`), 'a');
  const child = spawn(process.execPath, [...preload.flatMap((file) => ['--require', file]), entry], {
    cwd: root,
    env: { ...process.env, ...settings },
    stdio: ['ignore', log, log, 'ipc'],
    detached: true,
  });
  closeSync(log);
  const trouble = await new Promise<string | undefined>((resolve) => {
    const timer = setTimeout(() => resolve('was not ready in time'), START_PATIENCE_MS);
    const settle = (what?: string) => {
      clearTimeout(timer);
      resolve(what);
    };
    child.once('message', () => settle());
    child.once('exit', (code) => settle(`ended with ${code}`));
    child.once('error', (error) => settle(error.message));
  });
  if (trouble !== undefined || child.pid === undefined) throw new Error(`${name}/${service} ${trouble}: see ${logs}`);
  return child.pid;
}
