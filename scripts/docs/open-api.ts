import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../../embedded/repository';
import { buildApps } from '../build-apps';

const services = ['accounts', 'orders', 'fulfillment'] as const;
export const describedApps = [...services, 'gateway'] as const;
type AppName = (typeof describedApps)[number];
type Documents = Readonly<Record<string, object>>;

/** Servers that nobody connects to. */
const anywhere = { KAFKA_BROKERS: '127.0.0.1:9092', MONGODB_URI: 'mongodb://127.0.0.1/' };

/** Where a client of `npm start` reaches the services. */
const gateway = 'http://127.0.0.1:8080';

/** The OpenAPI documents of the services by themselves, as they are behind the gateway, and the gateway's of them all. Builds what is not built. */
export async function openApis(): Promise<Documents> {
  await buildApps();
  const apis = Object.fromEntries(services.map((service) => [service, described(service)]));
  return {
    ...mapped(apis, (api, service) => ({ ...api, servers: [{ url: `${gateway}/${service}` }] })),
    gateway: { ...described('gateway', apis), servers: [{ url: gateway }] },
  };
}

function mapped(documents: Documents, map: (document: object, name: string) => object): Documents {
  return Object.fromEntries(Object.entries(documents).map(([name, document]) => [name, map(document, name)]));
}

function described(app: AppName, input?: Documents): object {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repositoryRoot(), 'dist', 'apps', app, 'src', 'describe.js')],
    {
      env: { PATH: process.env['PATH'], ...anywhere },
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
      ...(input && { input: JSON.stringify(input) }),
    },
  );
  if (status !== 0) throw new Error(`${app} does not describe its API:\n${stderr}`);
  return JSON.parse(stdout) as object;
}
