import type { AggregateStore } from './aggregate-store';
import { DURABLE } from './durable';
import { type AggregateWrite, aggregateWrite, type Decision } from './aggregate-write';
import { type AggregateDocument, documentId, idOf, type Stored, storedFrom } from './document';
import { VersionConflict } from './failures';
import { mongo } from 'mongoose';

const MAX_ROUNDS = 10;
const DUPLICATE_KEY = 11000;

export async function changeMany<S extends object>(
  store: AggregateStore<S>,
  ids: readonly string[],
  decide: (current: Stored<S> | undefined, id: string) => Decision<S> | undefined,
): Promise<Map<string, Stored<S>>> {
  const written = new Map<string, Stored<S>>();
  let open = [...new Set(ids)];
  for (let round = 0; round < MAX_ROUNDS && open.length > 0; round++) {
    const documents = await loadAll(store, open);
    const writes: AggregateWrite<S>[] = [];
    for (const id of open) {
      const loaded = documents.get(idOf(documentId(id)));
      const decision = decide(loaded && storedFrom<S>(loaded), id);
      if (decision) writes.push(aggregateWrite(store.topic, { id, loaded, decision }));
    }
    const conflicts = await commitAll(store, writes);
    for (const write of writes) {
      if (conflicts.has(write.writeId)) continue;
      written.set(write.stored.id, write.stored);
      if (write.outbox.length > 0) store.publisher.enqueue(store, write.stored.id, write.outbox);
    }
    open = writes.filter((write) => conflicts.has(write.writeId)).map((write) => write.stored.id);
  }
  if (open[0] !== undefined) throw new VersionConflict(open[0]);
  return written;
}

export async function insertMany<S extends object>(
  store: AggregateStore<S>,
  items: readonly { id: string; decision: Decision<S> }[],
): Promise<Set<string>> {
  const writes = items.map(({ id, decision }) => aggregateWrite(store.topic, { id, loaded: undefined, decision }));
  const refused = await commitAll(store, writes);
  const present = refused.size === 0 ? undefined : await loadAll(store, [...new Set(items.map(({ id }) => id))]);
  const inserted = new Set<string>();
  for (const write of writes) {
    const { id } = write.stored;
    if (!refused.has(write.writeId)) {
      inserted.add(id);
      if (write.outbox.length > 0) store.publisher.enqueue(store, id, write.outbox);
    } else if (!present?.has(id)) {
      // E11000 on something else than _id: not a duplicate (R8)
      throw new Error(`${id} was refused by a unique index other than its id`);
    }
  }
  return inserted;
}

async function loadAll<S extends object>(
  store: AggregateStore<S>,
  ids: readonly string[],
): Promise<Map<string, AggregateDocument>> {
  const documents = await store.collection.find({ _id: { $in: ids.map(documentId) } }).toArray();
  return new Map(documents.map((document) => [idOf(document._id), document]));
}

/** Returns the write ids that lost against somebody else. */
async function commitAll<S extends object>(
  store: AggregateStore<S>,
  writes: AggregateWrite<S>[],
): Promise<Set<string>> {
  if (writes.length === 0) return new Set();
  const operations = writes.map((write) =>
    write.baseVersion === undefined
      ? { insertOne: { document: write.document } }
      : { updateOne: { filter: write.filter, update: write.update } },
  );
  let refused: readonly number[] = [];
  let matched: number;
  try {
    const result = await store.collection.bulkWrite(operations, { ...DURABLE, ordered: false, ignoreUndefined: true });
    matched = result.matchedCount + result.insertedCount;
  } catch (error) {
    if (!(error instanceof mongo.MongoBulkWriteError)) throw error;
    const errors = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
    if (error.result.getWriteConcernError() || errors.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
    refused = errors.map(({ index }) => index);
    matched = error.matchedCount + error.insertedCount;
  }
  if (matched === writes.length) return new Set();
  const conflicts = new Set(refused.flatMap((index) => writes[index]?.writeId ?? []));
  if (matched + conflicts.size < writes.length) for (const id of await unmatched(store, writes)) conflicts.add(id);
  return conflicts;
}

/** A bulk answer counts matches without naming them: the documents tell. */
async function unmatched<S extends object>(store: AggregateStore<S>, writes: AggregateWrite<S>[]): Promise<string[]> {
  const updates = writes.filter((write) => write.baseVersion !== undefined);
  const now = await loadAll(
    store,
    updates.map((write) => write.stored.id),
  );
  return updates
    .filter((write) => !now.get(write.stored.id)?.recentEventIds?.includes(write.writeId))
    .map((write) => write.writeId);
}
