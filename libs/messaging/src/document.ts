import { mongo, type Collection } from 'mongoose';
import { FieldNotStorable, StoreUnavailable } from './failures';
import type { KeyedWrite } from './keyed-writes';
import type { OutboxEntry } from './outbox-entry';

export type DocumentId = mongo.ObjectId | string;

/** What every aggregate's document has beside its own state; the names are reserved. */
export interface AggregateDocument {
  _id: DocumentId;
  /** +1 a write; absent (0) in a document that an original service wrote. */
  version?: number;
  deleted?: boolean;
  outbox?: OutboxEntry[];
  /** Identity of the burst that is waiting in the outbox: the sweep looks for it, nothing compares it with a clock. */
  outboxSince?: number;
  /** Version of the newest event of this aggregate, published or not. */
  eventVersion?: number;
  /** When the newest event occurred, epoch ms of the instance that wrote it: for operators and `ce_time`, nothing depends on it. */
  eventAt?: number;
  /** One id a write, newest last: says what became of a write whose answer was lost. */
  recentEventIds?: string[];
  /** The writes that requests with an Idempotency-Key led to, oldest first. */
  idempotency?: KeyedWrite[];
}

export interface Stored<S> {
  readonly id: string;
  readonly version: number;
  /** Empty for a deleted aggregate. */
  readonly state: S;
  readonly deleted: boolean;
}

export type NativeCollection = mongo.Collection<AggregateDocument>;

/** Filter for documents that are not deleted. */
export const live = { deleted: { $ne: true } } as const;

const HEX_24 = /^[0-9a-f]{24}$/i;

/** 24 hex digits are an ObjectId, as the original services stored them; everything else is a string. */
export function documentId(id: string): DocumentId {
  return HEX_24.test(id) ? new mongo.ObjectId(id) : id;
}

export function idOf(_id: DocumentId): string {
  return typeof _id === 'string' ? _id : _id.toHexString();
}

/**
 * The driver's own collection behind a mongoose one, without mongoose's buffering: what cannot reach the store says so at
 * once. Throws StoreUnavailable before the first connection.
 */
export function nativeCollection(collection: Collection): NativeCollection {
  const db = collection.conn.db;
  if (!db) throw new StoreUnavailable();
  const known = nativeCollections.get(collection);
  if (known?.db === db) return known.native;
  const native = db.collection<AggregateDocument>(collection.name);
  nativeCollections.set(collection, { db, native });
  return native;
}

/** Making one costs as much as a tenth of a read. A connection that is opened anew has another database object. */
const nativeCollections = new WeakMap<Collection, { readonly db: mongo.Db; readonly native: NativeCollection }>();

/** Names that a document needs for itself: a state has no fields of these names. */
type ReservedField = keyof AggregateDocument | '_class';

/** What an application keeps of an aggregate: any fields but those of a document's own. */
export type State = object & { readonly [name in ReservedField]?: never };

const RESERVED: ReadonlySet<string> = new Set<ReservedField>([
  '_id',
  'version',
  'deleted',
  'outbox',
  'outboxSince',
  'eventVersion',
  'eventAt',
  'recentEventIds',
  'idempotency',
  '_class',
]);

/**
 * The fields of a state that have a value. Throws FieldNotStorable for a name that `storedFrom` would leave out, or that an
 * update would take for a path or an operator.
 */
export function storableFields(id: string, state: object, alsoReserved?: string): Record<string, unknown> {
  const fields = Object.entries(state).filter(([, value]) => value !== undefined);
  for (const [name] of fields) {
    if (RESERVED.has(name) || name === alsoReserved) throw new FieldNotStorable(id, name, 'the name is reserved');
    if (name.startsWith('$') || name.includes('.') || name === '__proto__') {
      throw new FieldNotStorable(id, name, 'the store would take it for something else');
    }
  }
  return Object.fromEntries(fields);
}

export function storedFrom<S extends object>(document: AggregateDocument): Stored<S> {
  const state: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(document)) if (!RESERVED.has(key)) state[key] = value;
  return {
    id: idOf(document._id),
    version: document.version ?? 0,
    state: state as S,
    deleted: document.deleted === true,
  };
}
