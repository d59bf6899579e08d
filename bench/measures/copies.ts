import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { mongo } from 'mongoose';
import type { Contender } from '../rig/rig';

/** Whether there are as many copies in Orders as customers. */
export async function sameCount({ customers, replicas }: Contender): Promise<boolean> {
  const [source, copy] = await Promise.all([customers, replicas].map((each) => each.estimatedDocumentCount()));
  return source === copy;
}

/** Whether the copies in Orders are equal to the customers: of all, or of these. */
export async function sameDocuments({ customers, replicas }: Contender, ids?: readonly string[]): Promise<boolean> {
  const filter = ids && { _id: { $in: ids.map((id) => new mongo.ObjectId(id)) } };
  const projection = { name: 1, contact: 1, addresses: 1 };
  const [sources, copies] = await Promise.all(
    [customers, replicas].map((each) =>
      each
        .find({ ...filter }, { projection })
        .sort({ _id: 1 })
        .toArray(),
    ),
  );
  return isDeepStrictEqual(sources, copies);
}

/** Waits until every copy is equal to its customer; false when it was not within so long. */
export async function hasCaughtUp(contender: Contender, patienceMs: number): Promise<boolean> {
  for (const end = performance.now() + patienceMs; !(await sameDocuments(contender)); await sleep(100)) {
    if (performance.now() > end) return false;
  }
  return true;
}
