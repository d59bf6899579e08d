import type { mongo } from 'mongoose';
import type { AggregateStore } from './aggregate-store';
import { type AggregateWrite, aggregateWrite, type Decision, outcomeOf } from './aggregate-write';
import { type AggregateDocument, documentId, idOf, type Stored, storedFrom } from './document';
import { DURABLE } from './durable';
import { StoreUnavailable, VersionConflict } from './failures';
import { refusedAsDuplicates, translated } from './mongo-errors';
import { reached } from './steps';

const MAX_ROUNDS = 10;

export async function changeMany<S extends object>(
  store: AggregateStore<S>,
  ids: readonly string[],
  decide: (current: Stored<S> | undefined, id: string) => Decision<S> | undefined,
): Promise<Map<string, Stored<S>>> {
  const written = new Map<string, Stored<S>>();
  let open = [...new Set(ids)];
  for (let round = 0; round < MAX_ROUNDS && open.length > 0; round++) {
    const documents = await loadAll(store, open);
    const writes = new Map<AggregateWrite<S>, string>();
    for (const id of open) {
      const loaded = documents.get(idOf(documentId(id)));
      const decision = decide(loaded && storedFrom<S>(loaded), id);
      if (decision) writes.set(aggregateWrite(store.topic, { id, loaded, decision }), id);
    }
    const conflicts = await commitAll(store, [...writes.keys()]);
    open = [];
    for (const [write, id] of writes) {
      if (conflicts.has(write)) {
        store.publisher.noteConflict(store.name);
        open.push(id);
      }
      if (!conflicts.has(write)) written.set(write.stored.id, write.stored);
    }
  }
  if (open[0] !== undefined) throw new VersionConflict(open[0]);
  return written;
}

export async function insertMany<S extends object>(
  store: AggregateStore<S>,
  items: readonly { id: string; decision: Decision<S> }[],
): Promise<Set<string>> {
  const writes = new Map(
    items.map(({ id, decision }) => [aggregateWrite(store.topic, { id, loaded: undefined, decision }), id]),
  );
  const refused = await commitAll(store, [...writes.keys()]);
  const present = refused.size === 0 ? undefined : await loadAll(store, [...writes.values()]);
  const inserted = new Set<string>();
  for (const [write, id] of writes) {
    if (!refused.has(write)) inserted.add(id);
    // E11000 on something else than _id: not a duplicate (R8)
    else if (!present?.has(write.stored.id)) throw new Error(`${id} was refused by another unique index than its id`);
  }
  return inserted;
}

async function loadAll<S extends object>(
  store: AggregateStore<S>,
  ids: readonly string[],
): Promise<Map<string, AggregateDocument>> {
  const filter = { _id: { $in: [...new Set(ids)].map(documentId) } };
  const documents = await translated(() => store.collection.find(filter).toArray());
  return new Map(documents.map((document) => [idOf(document._id), document]));
}

/** Makes the writes and hands their outboxes to the publisher; returns those that lost against somebody else. */
async function commitAll<S extends object>(
  store: AggregateStore<S>,
  writes: readonly AggregateWrite<S>[],
): Promise<Set<AggregateWrite<S>>> {
  if (writes.length === 0) return new Set();
  const { refused, done } = await bulk(store, writes);
  const lost = new Set(refused.flatMap((index) => writes[index] ?? []));
  if (done + lost.size < writes.length) for (const write of await unmatched(store, writes)) lost.add(write);
  const wait = reached('document-written');
  if (wait) await wait;
  for (const write of writes) {
    if (write.outbox.length > 0 && !lost.has(write)) store.publisher.enqueue(store, write.stored.id, write.outbox);
  }
  return lost;
}

async function bulk<S extends object>(
  store: AggregateStore<S>,
  writes: readonly AggregateWrite<S>[],
): Promise<{ refused: number[]; done: number }> {
  const operations = writes.map((write) =>
    write.baseVersion === undefined
      ? { insertOne: { document: write.document } }
      : { updateOne: { filter: write.filter, update: write.update } },
  );
  try {
    const result = await store.collection.bulkWrite(operations, { ...DURABLE, ordered: false, ignoreUndefined: true });
    return { refused: [], done: result.matchedCount + result.insertedCount };
  } catch (error) {
    const refused = refusedAsDuplicates(error);
    const { matchedCount, insertedCount } = error as mongo.MongoBulkWriteError;
    return { refused, done: matchedCount + insertedCount };
  }
}

/** A bulk answer counts matches without naming them: the documents tell. */
async function unmatched<S extends object>(
  store: AggregateStore<S>,
  writes: readonly AggregateWrite<S>[],
): Promise<AggregateWrite<S>[]> {
  const updates = writes.filter((write) => write.baseVersion !== undefined);
  const now = await loadAll(
    store,
    updates.map((write) => write.stored.id),
  );
  return updates.filter((write) => {
    const outcome = outcomeOf(write, now.get(write.stored.id) ?? null);
    if (outcome === 'unknown') throw new StoreUnavailable();
    return outcome !== 'written';
  });
}
