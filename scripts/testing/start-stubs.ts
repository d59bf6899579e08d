// Run by system.e2e-spec.ts as a process of its own, to be killed: prints the ids of what it started.
import { resolve } from 'node:path';
import { startSystem } from '../system';
import { SERVICES } from '../system-settings';

async function start(): Promise<void> {
  const stub = { entry: resolve('scripts/testing/stub-service.cjs') };
  const services = { accounts: stub, orders: stub, fulfillment: stub, gateway: stub };
  const system = await startSystem({ silent: true, services });
  const pids = [system.engines?.pid, ...SERVICES.map((name) => system.process(name).pid)];
  process.stdout.write(`${JSON.stringify(pids)}\n`);
}

void start();
