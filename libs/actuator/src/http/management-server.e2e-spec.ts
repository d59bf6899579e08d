import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startThings, type ThingsApp } from '../../test/things-app';
import { ManagementServer } from './management-server';

let things: ThingsApp;

afterEach(() => things.app.close());

async function start(
  port: number,
  environment: Record<string, string> = {},
): Promise<{ own: string; management: string }> {
  things = await startThings({ ...environment, MANAGEMENT_SERVER_PORT: String(port) }, { host: '127.0.0.1' });
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
