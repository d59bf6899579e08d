import { eventually } from '../../eventually';
import { command } from '../../system/command';
import { differences } from '../../system/differences';
import { again, firstAppearances, versionOf } from '../../system/topic-records';
import { type Position } from '../../system/topics';
import type { FaultRun } from '../fault-run';
import type { Scenario } from '../scenario';
import { unless } from '../violation';

const topic = 'accounts.customer.change';

/** As log compaction leaves a topic on which a late duplicate came last: rule R7. */
export const oldVersionLast: Scenario = {
  name: 'old-version-last',
  family: 'data',
  about: 'old versions again as the last of their keys; the copy emptied, rebuilt from these, then from a re-publish',
  plan() {
    let starts: Position[] = [];
    let amended = 0;
    return {
      unchecked: ['copies'],
      deeds: [
        {
          atMs: 5_000,
          what: 'the first event of every customer comes again, after the last one',
          do: async (run) => {
            await run.load?.stop();
            await run.storefront.settled();
            starts = await run.storefront.topics.ends([topic]);
            amended = await firstAgain(run);
            await run.storefront.settled();
            run.load?.start();
          },
        },
        {
          atMs: 8_000,
          what: 'the copy is lost and rebuilt from what a compacted topic would hold',
          do: async (run) => {
            const { storefront, load } = run;
            await load?.stop();
            await storefront.terminate('orders');
            await storefront.stores.replicas.deleteMany({});
            await storefront.topics.moveGroup('orders', starts);
            await storefront.restart('orders');
            await eventually(
              () => storefront.lag(),
              (lines) => lines.length === 0,
            );
            const wrong = await differences(storefront.stores);
            run.violated(...unless(wrong.length > 0, 'the topic alone was enough', 'harness'));
            load?.start();
          },
        },
        {
          atMs: 12_000,
          what: 'Accounts publishes all of it again',
          do: async (run) => {
            const args = ['--topic', topic, '--all'];
            const { code, stdout, stderr } = await command('republish', args, run.storefront.operations);
            run.violated(...unless(code === 0, `republish ended with ${code}: ${stdout}${stderr}`));
          },
        },
      ],
      check: () => Promise.resolve(unless(amended > 5, `${amended} customers had an old version`, 'harness')),
    };
  },
};

/** Returns of how many customers it is an old one. */
async function firstAgain({ storefront }: FaultRun): Promise<number> {
  const byKey = firstAppearances(await storefront.topics.read(topic));
  const first = [...byKey.values()].flatMap((records) => records.slice(0, 1));
  await storefront.topics.send(topic, first.map(again));
  return [...byKey.values()].filter((records) => records.some((record) => versionOf(record) > 1)).length;
}
