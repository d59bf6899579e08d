import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../embedded/repository';
import { messageOf, say } from './command-line';
import { isDataDir, livingOwner } from './data-dir';
import { addresses, inForeground } from './foreground';
import { orderTable } from './order-table';
import { type CustomerWithOrders, ordersOf, sampleJourney } from './sample-journey';
import type { System } from './system';

const usage = `
usage: npm run demo -- [--once] [--sample] [--fresh]

Starts the whole storefront on this machine, runs the sample journey through the gateway, shows the orders and where to
look, and keeps running until Ctrl-C. Reads the same environment as npm start.

  --once     end after the journey: exit code 0, or 1 if it failed
  --sample   run the journey although there are orders from an earlier demo
  --fresh    start with empty stores: deletes the data directory
`;

function options(): { once: boolean; sample: boolean; fresh: boolean } {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const { values } = parseArgs({ options: { once: flag, sample: flag, fresh: flag, help: { ...flag, short: 'h' } } });
    if (!values.help) return values;
    say(usage.trim());
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n${usage.trim()}\n`);
    process.exit(2);
  }
}

const { once, sample, fresh } = options();

function deleteData(): void {
  const dataDir = resolve(repositoryRoot(), process.env['STOREFRONT_DATA_DIR'] ?? '.storefront');
  if (!existsSync(dataDir)) return;
  if (!isDataDir(dataDir))
    throw new Error(`${dataDir} is not a data directory of the storefront: nothing was deleted.`);
  const owner = livingOwner(dataDir);
  if (owner !== undefined) throw new Error(`A storefront runs on ${dataDir} (process ${owner}): stop it first.`);
  rmSync(dataDir, { recursive: true });
}

async function journey(system: System): Promise<CustomerWithOrders[]> {
  const url = system.urls.gateway;
  const before = await ordersOf({ url });
  if (!sample && before.some(({ orders }) => orders.length > 0)) {
    say('Found the orders of an earlier demo; npm run demo -- --sample runs the journey again.');
    return before;
  }
  say('The sample journey, through the gateway:');
  return sampleJourney({ url, say });
}

inForeground({
  silent: true,
  ...(fresh && { prepare: deleteData }),
  run: async (system) => {
    const started = performance.now();
    const customers = await journey(system);
    say(
      `\n${orderTable(customers)}\n\nThat took ${((performance.now() - started) / 1_000).toFixed(1)} s. Look around:\n`,
    );
    say(addresses(system));
    if (once) return 0;
    say('\nCtrl-C stops it.');
    return undefined;
  },
});
