import { encodedRecords, recordBatch } from '../../system/record-batch';
import { headerFlood } from '../../attacks/hostile-records';
import { underAttack } from '../attacked';
import type { Scenario } from '../scenario';
import { topicNames } from '../told-on-topics';

const PARTITIONS = 3;

/** A record is got past, whatever its headers are; it waits for a person, and nothing waits for it. */
export const headerFloods: Scenario = {
  name: 'header-flood',
  family: 'attacks',
  about: 'records with 8,000 header names, 1 MB of header, 300 KB of ce_type, names of prototypes, on every topic',
  plan(chance) {
    const floods = topicNames.flatMap((topic) =>
      headerFlood(topic, String(chance.below(1_000))).map((hostile) => ({
        ...hostile,
        topic,
        partition: chance.below(PARTITIONS),
      })),
    );
    return underAttack('header-flood', (lanes) =>
      Array.from({ length: 3 }, (_, third) => ({
        atMs: 1_000 + third * 2_000,
        what: `a third of ${floods.length} records whose headers are without measure`,
        do: async ({ storefront }) => {
          for (const { topic, partition, record } of floods.filter((_flood, index) => index % 3 === third)) {
            const batch = recordBatch(encodedRecords([record]), { count: 1 });
            lanes.sent({
              topic,
              partition,
              count: 1,
              offset: await storefront.topics.sendBatch(topic, partition, batch),
            });
          }
        },
      })),
    );
  },
};
