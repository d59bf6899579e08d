import type { mongo } from 'mongoose';
import type { AggregateStore } from './aggregate-store';
import { type AggregateWrite, aggregateWrite, type Decision, outcomeOf } from './aggregate-write';
import { type AggregateDocument, documentId, idOf, type State, type Stored, storedFrom } from './document';
import { sizedDocuments } from './document-groups';
import { forWriters } from './document-sizes';
import { DURABLE } from './durable';
import { StoreUnavailable, VersionConflict } from './failures';
import { refusedAsDuplicates, translated } from './mongo-errors';
import { reached } from './steps';

const MAX_ROUNDS = 10;

export async function changeMany<S extends State>(
  store: AggregateStore<S, string>,
  ids: readonly string[],
  decide: (current: Stored<S> | undefined, id: string) => Decision<S> | undefined,
): Promise<Map<string, number>> {
  const written = new Map<string, number>();
  let open = [...new Set(ids)];
  for (let round = 0; round < MAX_ROUNDS && open.length > 0; round++) {
    const again: string[] = [];
    for await (const loaded of loadedParts(store, open)) {
      const writes = new Map<AggregateWrite<S>, string>();
      for (const [id, document] of loaded) {
        const decision = decide(document && storedFrom<S>(document), id);
        if (decision) writes.set(aggregateWrite(store.topic, { id, loaded: document, decision }), id);
      }
      const conflicts = await commitAll(store, [...writes.keys()]);
      for (const [write, id] of writes) {
        if (!conflicts.has(write)) written.set(write.stored.id, write.stored.version);
        else {
          store.publisher.noteConflict(store.name);
          again.push(id);
        }
      }
    }
    open = again;
  }
  if (open[0] !== undefined) throw new VersionConflict(open[0]);
  return written;
}

type Loaded = Map<string, AggregateDocument | undefined>;

/** The documents of the ids, undefined where there is none, in parts of 4 MiB and one document more: mostly a single one. */
async function* loadedParts<S extends State>(
  store: AggregateStore<S, string>,
  ids: readonly string[],
): AsyncGenerator<Loaded, void> {
  // an ObjectId may be given in two spellings
  const spellings = Map.groupBy(ids, (id) => idOf(documentId(id)));
  const filter = { _id: { $in: ids.map(documentId) } };
  const groups = sizedDocuments(store.collection, filter, {}, forWriters);
  let part: Loaded = new Map();
  let bytes = 0;
  try {
    for (;;) {
      const group = await translated(() => groups.next());
      if (group.done) break;
      for (const { document, bytes: size } of group.value) {
        const key = idOf(document._id);
        for (const id of spellings.get(key) ?? []) part.set(id, document);
        spellings.delete(key);
        bytes += size;
      }
      if (bytes < forWriters.bytes) continue;
      yield part;
      [part, bytes] = [new Map(), 0];
    }
    for (const id of [...spellings.values()].flat()) part.set(id, undefined);
    if (part.size > 0) yield part;
  } finally {
    await groups.return();
  }
}

export async function insertMany<S extends State>(
  store: AggregateStore<S, string>,
  items: readonly { id: string; decision: Decision<S> }[],
): Promise<Set<string>> {
  const writes = new Map(
    items.map(({ id, decision }) => [aggregateWrite(store.topic, { id, loaded: undefined, decision }), id]),
  );
  const refused = await commitAll(store, [...writes.keys()]);
  const present = refused.size === 0 ? undefined : await loadAll(store, [...writes.values()], { _id: 1 });
  const inserted = new Set<string>();
  for (const [write, id] of writes) {
    if (!refused.has(write)) inserted.add(id);
    // E11000 on something else than _id: not a duplicate (R8)
    else if (!present?.has(write.stored.id)) throw new Error(`${id} was refused by another unique index than its id`);
  }
  return inserted;
}

async function loadAll<S extends State>(
  store: AggregateStore<S, string>,
  ids: readonly string[],
  projection: Readonly<Record<string, 1>> = {},
): Promise<Map<string, AggregateDocument>> {
  const filter = { _id: { $in: [...new Set(ids)].map(documentId) } };
  const documents = await translated(() => store.collection.find(filter, { projection }).toArray());
  return new Map(documents.map((document) => [idOf(document._id), document]));
}

/** Makes the writes and hands their outboxes to the publisher; returns those that lost against somebody else. */
async function commitAll<S extends State>(
  store: AggregateStore<S, string>,
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

async function bulk<S extends State>(
  store: AggregateStore<S, string>,
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
async function unmatched<S extends State>(
  store: AggregateStore<S, string>,
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
