import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authorized, credential, startThings, type ThingsApp } from '../../test/things-app';
import { ManagementServer } from './management-server';

let things: ThingsApp;

afterEach(() => things.app.close());

async function start(
  port: number,
  environment: Record<string, string> = {},
  guardedApart = false,
): Promise<{ own: string; management: string }> {
  const settings = { ...environment, MANAGEMENT_SERVER_PORT: String(port) };
  things = await startThings(settings, { host: '127.0.0.1', guardedApart });
  await things.app.listen(0, '127.0.0.1');
  const own = await things.app.getUrl();
  const address = things.app.get(ManagementServer).address;
  return { own, management: `http://127.0.0.1:${address?.port}` };
}

async function statuses(url: string, paths: readonly string[]): Promise<number[]> {
  return Promise.all(paths.map(async (path) => (await fetch(url + path)).status));
}

const paths = ['/actuator', '/actuator/health', '/actuator/prometheus', '/things/1'];

it('management endpoints are at their port, and nothing else is', async () => {
  const { own, management } = await start(0);
  expect(await statuses(management, paths)).toEqual([200, 200, 200, 404]);
  expect(await statuses(own, paths)).toEqual([404, 404, 404, 200]);
});

it('probes can be at the port of the application all the same', async () => {
  const { own, management } = await start(0, { MANAGEMENT_ENDPOINT_HEALTH_PROBES_ADD_ADDITIONAL_PATHS: 'true' });
  expect(await statuses(own, ['/livez', '/readyz', '/actuator/health/liveness'])).toEqual([200, 200, 404]);
  expect(await statuses(management, ['/livez', '/readyz', '/actuator/health/liveness'])).toEqual([404, 404, 200]);
});

it('guarded endpoints can be at their port only, while open ones are at both', async () => {
  const { own, management } = await start(0, credential, true);
  const ask = async (url: string, path: string) => (await fetch(url + path, { headers: authorized })).status;
  const each = [
    '/actuator',
    '/actuator/health',
    '/actuator/prometheus',
    '/actuator/env',
    '/actuator/parked',
    '/things/1',
  ];
  expect(await Promise.all(each.map((path) => ask(own, path)))).toEqual([200, 200, 200, 404, 404, 200]);
  expect(await Promise.all(each.map((path) => ask(management, path)))).toEqual([200, 200, 200, 200, 200, 404]);
  const links = async (url: string) => {
    const index = (await (await fetch(`${url}/actuator`)).json()) as { _links: object };
    return Object.keys(index._links);
  };
  expect(await links(own)).toEqual(['self', 'health', 'health-path', 'info', 'prometheus']);
  expect(await links(management)).toEqual(expect.arrayContaining(['health', 'env', 'loggers', 'parked']));
});

it('guarded endpoints that are apart are nowhere without a port for them', async () => {
  things = await startThings(credential, { guardedApart: true });
  expect((await things.get('/actuator/health')).status).toBe(200);
  for (const path of ['/actuator/env', '//actuator//env', '/actuator/%65nv', '/actuator/health/../env'])
    expect((await things.get(path, authorized)).status).toBe(404);
});

it('they listen at an address of their own where there is one', async () => {
  const { management } = await start(0, { MANAGEMENT_SERVER_ADDRESS: '127.0.0.2' });
  const { port } = new URL(management);
  expect(things.app.get(ManagementServer).address?.address).toBe('127.0.0.2');
  expect((await fetch(`http://127.0.0.2:${port}/actuator/health`)).status).toBe(200);
});

it('a port of -1 closes them', async () => {
  const { own } = await start(-1);
  expect(await statuses(own, paths)).toEqual([404, 404, 404, 200]);
});

it('the port is free again when the application has ended', async () => {
  const { management } = await start(0);
  const { port } = new URL(management);
  await things.app.close();
  const server = createServer().listen(Number(port), '127.0.0.1');
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  expect((server.address() as AddressInfo).port).toBe(Number(port));
  await new Promise((resolve) => server.close(resolve));
  things = await startThings();
});
