import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../embedded/ports';
import { isAlive } from '../embedded/processes';
import { ANY_PORTS, startSystem, type System, type SystemOptions } from './system';
import { SERVICES } from './system-settings';

const root = mkdtempSync(join(tmpdir(), 'storefront-system-'));
const stub = { entry: resolve('scripts/testing/stub-service.cjs') };
const OWN_SERVERS = { KAFKA_BROKERS: '127.0.0.1:1', MONGODB_URI: 'mongodb://127.0.0.1:2/ignored' };
const systems: System[] = [];
let count = 0;

async function start(options: SystemOptions = {}): Promise<System> {
  const system = await startSystem({
    silent: true,
    services: { accounts: stub, orders: stub, fulfillment: stub, gateway: stub },
    ...options,
    env: { ...ANY_PORTS, ...OWN_SERVERS, STOREFRONT_DATA_DIR: join(root, String(count++)), ...options.env },
  });
  systems.push(system);
  return system;
}

afterEach(async () => Promise.all(systems.splice(0).map(async (system) => system.killAll())));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function environmentOf(url: string): Promise<Record<string, string>> {
  return (await (await fetch(`${url}/env`)).json()) as Record<string, string>;
}

async function until(isSo: () => boolean, patienceMs = 60_000): Promise<void> {
  for (const end = performance.now() + patienceMs; performance.now() < end; await sleep(20)) if (isSo()) return;
  throw new Error(`not so within ${patienceMs} ms`);
}

test('every service gets its address, its database and what it needs to find the others', async () => {
  const { urls, managementPassword } = await start();
  expect(await environmentOf(urls.orders)).toMatchObject({
    HOST: '127.0.0.1',
    KAFKA_BROKERS: '127.0.0.1:1',
    MONGODB_URI: 'mongodb://127.0.0.1:2/orders',
    SAMPLE_DATA: 'enabled',
    MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS: 'always',
    MANAGEMENT_USERNAME: 'admin',
    MANAGEMENT_PASSWORD: managementPassword,
  });
  expect(await environmentOf(urls.gateway)).toMatchObject({
    ACCOUNTS_URL: urls.accounts,
    ORDERS_URL: urls.orders,
    FULFILLMENT_URL: urls.fulfillment,
  });
});

test('accounts alone gets a key for card numbers: one of the data directory, which is for its owner alone, or yours', async () => {
  const STOREFRONT_DATA_DIR = join(root, 'with-key');
  const keyOf = async ({ urls }: System) => (await environmentOf(urls.accounts)).CARD_NUMBERS_KEY_FILE;
  const system = await start({ env: { STOREFRONT_DATA_DIR } });
  const file = join(STOREFRONT_DATA_DIR, 'card-numbers.key');
  expect(await keyOf(system)).toBe(file);
  expect(await environmentOf(system.urls.orders)).not.toHaveProperty('CARD_NUMBERS_KEY_FILE');
  const key = readFileSync(file, 'utf8');
  expect(key).toMatch(/^local:[\w+/]{43}=\n$/);
  expect([STOREFRONT_DATA_DIR, file].map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(['700', '600']);
  await system.stop();
  await (await start({ env: { STOREFRONT_DATA_DIR } })).stop();
  expect(readFileSync(file, 'utf8')).toBe(key);
  expect(await keyOf(await start({ env: { CARD_NUMBERS_KEY: 'mine' } }))).toBeUndefined();
});

test('with one server of your own, the other engine is started', async () => {
  const system = await start({ env: { KAFKA_BROKERS: OWN_SERVERS.KAFKA_BROKERS, MONGODB_URI: undefined } });
  expect(system.engines?.mongoUri).toBe(system.mongoUri);
  expect(system.engines?.brokers).toBeUndefined();
  expect(system.brokers).toBe(OWN_SERVERS.KAFKA_BROKERS);
  const pids = [system.engines?.pid, ...SERVICES.map((name) => system.process(name).pid)];
  expect(pids.map(isAlive)).toEqual([true, true, true, true, true]);
  await system.stop();
  expect(pids.map(isAlive)).toEqual([false, false, false, false, false]);
});

test('a service that dies is started again, and the terminal says so', async () => {
  const lines: string[] = [];
  const system = await start({ onProgress: (line) => lines.push(line) });
  const { pid } = system.process('orders');
  await system.kill('orders');
  expect(isAlive(pid)).toBe(false);
  await until(() => system.process('orders').pid !== undefined);
  expect(system.process('orders').pid).not.toBe(pid);
  const told = lines.filter((line) => !line.startsWith('Waiting for '));
  expect(told).toEqual(['orders died (SIGKILL); starting it again in 0.5 s.']);
});

test('engines that die are started again on the same ports', async () => {
  const system = await start({ env: { MONGODB_URI: undefined } });
  const first = system.engines;
  await first?.kill();
  await until(() => system.engines?.pid !== first?.pid);
  expect(isAlive(system.engines?.pid)).toBe(true);
  expect(system.mongoUri).toBe(first?.mongoUri);
});

test('without restart it stays dead until it is asked for', async () => {
  const system = await start({ restart: false });
  await system.kill('accounts');
  await sleep(700);
  expect(system.process('accounts').pid).toBeUndefined();
  await system.restartService('accounts');
  expect(await environmentOf(system.urls.accounts)).toMatchObject({ HOST: '127.0.0.1' });
});

test('a service that ends while it is started ends the start, and nothing is left', async () => {
  const broken = { entry: resolve('scripts/testing/no-such-file.cjs') };
  const started = start({
    restart: false,
    services: { accounts: stub, orders: broken, fulfillment: stub, gateway: stub },
  });
  await expect(started).rejects.toThrow(/^orders ended while it was being started\. See .*orders\.log/);
});

test('taken ports are named with their variables, before anything is started', async () => {
  const server = await listen();
  const { port } = server.address() as { port: number };
  const started = start({ env: { ACCOUNTS_PORT: String(port), GATEWAY_PORT: String(port) } });
  await expect(started).rejects.toThrow(`port ${port} (ACCOUNTS_PORT) is taken`);
  await expect(started).rejects.toThrow(`port ${port} (GATEWAY_PORT) is taken`);
  server.close();
});

async function listen(): Promise<Server> {
  const server = createServer();
  const port = await freePort();
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return server;
}

test('two systems do not share a data directory', async () => {
  const first = await start();
  const second = start({ env: { STOREFRONT_DATA_DIR: first.dataDir } });
  await expect(second).rejects.toThrow(`A storefront runs on ${first.dataDir} already (process ${process.pid})`);
});

test('a service that does not stop in time is ended by force', async () => {
  const deaf = { ...stub, env: { STUB_IS_DEAF: 'true' } };
  const services = { accounts: stub, orders: deaf, fulfillment: stub, gateway: deaf };
  const system = await start({ services, stopPatienceMs: 2_500 });
  const pids = SERVICES.map((name) => system.process(name).pid);
  const begun = performance.now();
  await system.stop();
  expect(performance.now() - begun).toBeLessThan(8_000);
  expect(pids.map(isAlive)).toEqual([false, false, false, false]);
});

test('everything ends when the process that started it is killed', async () => {
  const data = { KAFKA_BROKERS: '127.0.0.1:1', MONGODB_URI: '', STOREFRONT_DATA_DIR: join(root, 'killed') };
  const env = { ...process.env, ...ANY_PORTS, ...data };
  const starter = spawn(process.execPath, ['--import', 'tsx', 'scripts/testing/start-stubs.ts'], { env });
  const line = await new Promise<string>((done) =>
    starter.stdout.once('data', (data: Buffer) => done(data.toString())),
  );
  const pids = JSON.parse(line) as number[];
  expect(pids.map(isAlive)).toEqual([true, true, true, true, true]);
  starter.kill('SIGKILL');
  await until(() => !pids.some(isAlive));
});

test('a start that is called off leaves nothing', async () => {
  const calledOff = new AbortController();
  const started = start({ signal: calledOff.signal, env: { MONGODB_URI: undefined } });
  setTimeout(() => calledOff.abort(), 300);
  await expect(started).rejects.toThrow(/[Ss]topped/);
});
