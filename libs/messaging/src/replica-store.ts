import type { Collection, mongo } from 'mongoose';
import {
  type AggregateDocument,
  documentId,
  idOf,
  storableFields,
  type State,
  nativeCollection,
  type NativeCollection,
  type Stored,
  storedFrom,
} from './document';
import type { RecordOrigin } from './incoming-event';
import { SharedBulk } from './shared-bulk';
import { SharedLoads } from './shared-loads';

export interface ReplicaChange<S> {
  readonly id: string;
  /** undefined: the record carries no version. */
  readonly version: number | undefined;
  /** null: the aggregate was deleted. */
  readonly state: S | null;
  readonly origin: RecordOrigin;
}

type ReplicaOutcome = 'applied' | 'duplicate' | 'ignored';
type Operation = mongo.AnyBulkWriteOperation<AggregateDocument>;

/**
 * A copy of what another service owns, fed by a state topic. An event is applied when its version is above the stored one,
 * whenever and how often it comes; versions may be skipped. Documents are never removed: a deleted one keeps its version
 * (R8, R9). A record without a version is applied by its offset and timestamp (R11), until the first versioned event of
 * that aggregate was applied: from then on it is ignored.
 */
export class ReplicaStore<S extends State & { readonly unversioned?: never }> {
  private readonly bulk = new SharedBulk(() => this.collection);
  private readonly loads = new SharedLoads(() => this.collection);

  constructor(private readonly mongooseCollection: Collection) {}

  get collection(): NativeCollection {
    return nativeCollection(this.mongooseCollection);
  }

  /** The copy, deleted or not; undefined when no event of this id arrived yet. */
  async find(id: string): Promise<Stored<S> | undefined> {
    const document = await this.loads.load(id);
    return document ? replicated<S>(document) : undefined;
  }

  /** One bulk write for the batch, shared with those of other partitions; outcomes in the order of the changes. */
  async apply(changes: readonly ReplicaChange<S>[]): Promise<ReplicaOutcome[]> {
    const outcomes: ReplicaOutcome[] = changes.map(() => 'applied');
    for (const round of rounds(changes)) {
      const refused = await this.bulk.write(round.map(({ change }) => operationFor(change)));
      // R8: two first inserts may race; only the second refusal means "there already, or newer"
      const again = [...refused].flatMap((index) => round[index] ?? []);
      const stale = await this.bulk.write(again.map(({ change }) => operationFor(change)));
      for (const index of stale) {
        for (const position of again[index]?.indexes ?? []) outcomes[position] = 'duplicate';
      }
    }
    await this.tellIgnored(changes, outcomes);
    return outcomes;
  }

  /** A refused record without a version is a re-delivery, or comes after a versioned event: that one is ignored. */
  private async tellIgnored(changes: readonly ReplicaChange<S>[], outcomes: ReplicaOutcome[]): Promise<void> {
    const refused = changes.flatMap((change, index) =>
      change.version === undefined && outcomes[index] === 'duplicate' ? [{ change, index }] : [],
    );
    if (refused.length === 0) return;
    const versioned = await this.collection
      .find(
        { _id: { $in: refused.map(({ change }) => documentId(change.id)) }, version: { $gt: 0 } },
        { projection: { _id: 1 } },
      )
      .toArray();
    const ids = new Set(versioned.map(({ _id }) => idOf(_id)));
    for (const { change, index } of refused) if (ids.has(idOf(documentId(change.id)))) outcomes[index] = 'ignored';
  }
}

interface Entry<S> {
  readonly change: ReplicaChange<S>;
  /** Positions in the batch that this entry stands for. */
  readonly indexes: readonly number[];
}

/**
 * The n-th change of every key goes into the n-th bulk write, so that an unordered bulk keeps the order of a key. Versioned
 * changes carry the whole state: of a run of them only the newest is written.
 */
function rounds<S>(changes: readonly ReplicaChange<S>[]): Entry<S>[][] {
  const byKey = new Map<string, Entry<S>[]>();
  for (const [index, change] of changes.entries()) {
    // two spellings of an ObjectId are one key
    const key = idOf(documentId(change.id));
    const run = byKey.get(key) ?? [];
    byKey.set(key, run);
    const last = run.at(-1);
    if (last?.change.version === undefined || change.version === undefined) run.push({ change, indexes: [index] });
    else {
      const newest = change.version > last.change.version ? change : last.change;
      run[run.length - 1] = { change: newest, indexes: [...last.indexes, index] };
    }
  }
  const result: Entry<S>[][] = [];
  for (const run of byKey.values()) {
    for (const [position, entry] of run.entries()) (result[position] ??= []).push(entry);
  }
  return result;
}

function operationFor<S extends object>(change: ReplicaChange<S>): Operation {
  const _id = documentId(change.id);
  const content = change.state === null ? { deleted: true } : storableFields(change.id, change.state, 'unversioned');
  if (change.version !== undefined) {
    // not $lt: a document that an original service wrote has no version
    const filter = { _id, version: { $not: { $gte: change.version } } };
    return { replaceOne: { filter, replacement: { ...content, version: change.version }, upsert: true } };
  }
  const { partition, offset, timestamp } = change.origin;
  const seen = `unversioned.offsets.${partition}`;
  const filter = {
    _id,
    version: { $not: { $gt: 0 } },
    $and: [
      { $or: [{ [seen]: { $exists: false } }, { [seen]: { $lt: Number(offset) } }] },
      { $or: [{ 'unversioned.timestamp': { $exists: false } }, { 'unversioned.timestamp': { $lte: timestamp } }] },
    ],
  };
  const $set = {
    ...content,
    version: 0,
    deleted: change.state === null,
    [seen]: Number(offset),
    'unversioned.timestamp': timestamp,
  };
  return { updateOne: { filter, update: { $set }, upsert: true } };
}

function replicated<S extends object>(document: AggregateDocument): Stored<S> {
  const stored = storedFrom<S & { unversioned?: unknown }>(document);
  const { unversioned: _positions, ...state } = stored.state;
  return { ...stored, state: state as unknown as S };
}
