import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../../embedded/repository';
import { buildApps } from '../build-apps';

export const describedServices = ['accounts', 'orders', 'fulfillment'] as const;
type ServiceName = (typeof describedServices)[number];

/** Servers that nobody connects to. */
const anywhere = { KAFKA_BROKERS: '127.0.0.1:9092', MONGODB_URI: 'mongodb://127.0.0.1/' };

/** Where a client of `npm start` reaches the services. */
const gateway = 'http://127.0.0.1:8080';

/** The OpenAPI document of a service by itself, as it is behind the gateway. Builds the services where they are not. */
export async function openApi(service: ServiceName): Promise<object> {
  await buildApps();
  const entry = join(repositoryRoot(), 'dist', 'apps', service, 'src', 'describe.js');
  const env = { PATH: process.env['PATH'], ...anywhere };
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry], {
    env,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${service} does not describe its API:\n${stderr}`);
  return { ...(JSON.parse(stdout) as object), servers: [{ url: `${gateway}/${service}` }] };
}
