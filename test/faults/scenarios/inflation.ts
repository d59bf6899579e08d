import { crowdedBatches, type HostileBatch, inflatingBatches, oddBatches } from '../../attacks/hostile-batches';
import type { SetAside } from '../../attacks/set-aside';
import { underAttack } from '../attacked';
import type { Deed, Scenario } from '../scenario';
import type { Seeded } from '../seeded';
import { topicNames } from '../told-on-topics';

const PARTITIONS = 3;

/** What is small on the wire may be large in memory: it is measured before it is inflated, and set aside unread. */
export const inflation: Scenario = {
  name: 'inflation',
  family: 'attacks',
  about:
    'batches of every codec that inflate to 20 and 400 MiB, and batches of 20,000 and 1,000,000 records, on every topic',
  plan(chance) {
    const mark = String(chance.below(1_000));
    const deeds: [what: string, make: () => Promise<HostileBatch[]> | HostileBatch[]][] = [
      ['batches that inflate to 20 MiB', () => inflatingBatches(mark, 'small')],
      ['batches that inflate to 20 MiB and to 200 and 400', () => inflatingBatches(mark)],
      ['batches with something behind their end', () => oddBatches(mark)],
      ['batches of 20,000 and 1,000,000 records', () => crowdedBatches(mark)],
    ];
    return underAttack('inflation', (aside) =>
      deeds.map(([what, make], index) => sending(1_000 + index * 1_000, what, { make, aside, chance })),
    );
  },
};

interface Sending {
  readonly make: () => Promise<HostileBatch[]> | HostileBatch[];
  readonly aside: SetAside;
  readonly chance: Seeded;
}

/** To every topic all of them, over its partitions. */
function sending(atMs: number, what: string, { make, aside, chance }: Sending): Deed {
  const firsts = topicNames.map((topic) => ({ topic, first: chance.below(PARTITIONS) }));
  return {
    atMs,
    what,
    do: async ({ storefront }) => {
      const batches = await make();
      for (const { topic, first } of firsts) {
        for (const [index, { bytes, count }] of batches.entries()) {
          const partition = (first + index) % PARTITIONS;
          aside.sent({ topic, partition, count, offset: await storefront.topics.sendBatch(topic, partition, bytes) });
        }
      }
    },
  };
}
