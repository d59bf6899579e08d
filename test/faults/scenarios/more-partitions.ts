import { command } from '../../system/command';
import type { FaultRun } from '../fault-run';
import type { Scenario } from '../scenario';
import { unless } from '../violation';

const COUNT = 6;

/** As docs/operations/partitions.md says, while clients go on. */
export const morePartitions: Scenario = {
  name: 'more-partitions',
  family: 'data',
  about: `every topic grows from 3 to ${COUNT} partitions`,
  plan() {
    return {
      deeds: [
        {
          atMs: 3_000,
          what: 'the status reports, with Fulfillment stopped',
          do: async (run) => {
            await run.storefront.terminate('fulfillment');
            await grow(run, 'fulfillment.order.change');
            await run.storefront.restart('fulfillment');
            await run.storefront.restart('orders');
          },
        },
        {
          atMs: 6_000,
          what: 'the requests for fulfillment',
          do: async (run) => {
            await grow(run, 'orders.order.fulfill');
            await run.storefront.restart('orders');
            await run.storefront.restart('fulfillment');
          },
        },
        {
          atMs: 9_000,
          what: 'the customers',
          do: async (run) => {
            await grow(run, 'accounts.customer.change');
            await run.storefront.restart('accounts');
            await run.storefront.restart('orders');
          },
        },
        { atMs: 14_000, what: 'clients had time to use them', do: () => undefined },
      ],
      check: async ({ storefront }) => {
        const topics = ['accounts.customer.change', 'orders.order.fulfill', 'fulfillment.order.change'];
        const ends = await storefront.topics.ends(topics);
        const unused = ends.filter(({ partition, offset }) => partition >= 3 && offset === '0');
        return unless(ends.length === 3 * COUNT && unused.length === 0, `unused: ${JSON.stringify(unused)}`, 'harness');
      },
    };
  },
};

async function grow(run: FaultRun, topic: string): Promise<void> {
  const args = ['--topic', topic, '--count', String(COUNT), '--apply'];
  const { code, stdout, stderr } = await command('partitions', args, run.storefront.operations);
  run.violated(...unless(code === 0, `partitions of ${topic} ended with ${code}: ${stdout}${stderr}`));
}
