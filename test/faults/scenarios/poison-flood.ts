import { encodedRecords, recordBatch } from '../../system/record-batch';
import { type Flood, lanesFlooded, laneFlooded } from '../../attacks/hostile-records';
import { underAttack } from '../attacked';
import type { Scenario } from '../scenario';
import { topicNames } from '../told-on-topics';

const PARTITIONS = 3;
/** Instead of 10,000, so that there can be more bad keys than that in a minute. */
const MAX_LANES = 200;
const capped = { env: { PARKED_MAX_LANES: String(MAX_LANES) } };

/** More than the lanes may hold, and more lanes than there may be: positions are kept, and everybody else goes on. */
export const poisonFlood: Scenario = {
  name: 'poison-flood',
  family: 'attacks',
  about: `1,200 unreadable records and 9 MB of them for one key, ${MAX_LANES * 2} bad keys with room for ${MAX_LANES}, on every topic`,
  needs: { services: { orders: capped, fulfillment: capped } },
  plan(chance) {
    const mark = String(chance.below(1_000));
    const floods = topicNames.flatMap((topic) =>
      [...laneFlooded(mark), ...lanesFlooded(mark, MAX_LANES * 2)].map((flood) => ({
        topic,
        flood,
        partition: chance.below(PARTITIONS),
      })),
    );
    const kinds = Map.groupBy(floods, ({ flood }) => flood.kind);
    return underAttack('poison-flood', (aside) =>
      [...kinds].map(([kind, all], index) => ({
        atMs: 1_000 + index * 1_000,
        what: kind,
        do: async ({ storefront }) => {
          for (const { topic, partition, flood } of all) {
            for (const records of batchesOf(flood)) {
              const count = records.length;
              const batch = recordBatch(encodedRecords(records), { count });
              aside.sent({
                topic,
                partition,
                count,
                offset: await storefront.topics.sendBatch(topic, partition, batch),
              });
            }
          }
        },
      })),
    );
  },
};

/** As many records as a broker takes at once. */
function batchesOf({ records, perBatch }: Flood): Flood['records'][] {
  const count = Math.ceil(records.length / perBatch);
  return Array.from({ length: count }, (_, index) => records.slice(index * perBatch, (index + 1) * perBatch));
}
