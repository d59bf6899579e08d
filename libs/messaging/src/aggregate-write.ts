import { randomUUID } from 'node:crypto';
import { OutboxFull } from './failures';
import type { KeyedWrite } from './keyed-writes';
import {
  type AggregateDocument,
  type DocumentId,
  documentId,
  idOf,
  type Stored,
  storableFields,
  storedFrom,
} from './document';
import { entryBytes, type NewEvent, type OutboxEntry, outboxEntry } from './outbox-entry';
import type { Topic } from './topic';

export interface Decision<S, Type extends string = string> {
  readonly state: S;
  /** At most one event a write: its version is the document's. */
  readonly event?: NewEvent<Type>;
  /** Leaves `{_id, version, deleted}` (R9): give an empty state with it. */
  readonly deleted?: boolean;
  /** The version becomes higher than this one too, where a copy has run ahead of its owner. */
  readonly above?: number;
}

/** A command is refused while this many events of one aggregate, or this many bytes, wait for Kafka. */
export const MAX_OUTBOX_ENTRIES = 200;
export const MAX_OUTBOX_BYTES = 1024 * 1024;

/** How many writes a document remembers. One id a version: what is not among them was not written, if the ring covers it. */
export const RECENT_WRITES = 16;

/** One write of one document: state, version and outbox entry together (design rule R1). */
export interface AggregateWrite<S> {
  readonly _id: DocumentId;
  /** undefined: the document is to be inserted. */
  readonly baseVersion: number | undefined;
  /** Makes the write recognisable in `recentEventIds`, whether it carries an event or not. */
  readonly writeId: string;
  readonly filter: Record<string, unknown>;
  readonly update: Record<string, unknown>;
  /** The document after an insert. */
  readonly document: AggregateDocument;
  readonly stored: Stored<S>;
  /** The whole outbox after the write (R3): as loaded, plus the new entry; empty when the write carries no event. */
  readonly outbox: OutboxEntry[];
}

export interface WriteRequest<S> {
  readonly id: string;
  readonly loaded: AggregateDocument | undefined;
  readonly decision: Decision<S>;
  /** The keys in the document after a write that was asked for with one. */
  readonly keys?: readonly KeyedWrite[] | undefined;
}

export function aggregateWrite<S extends object>(
  topic: Topic<unknown> | undefined,
  request: WriteRequest<S>,
): AggregateWrite<S> {
  const { loaded, decision, keys } = request;
  const deleted = decision.deleted === true;
  const _id = loaded?._id ?? documentId(request.id);
  const baseVersion = loaded ? (loaded.version ?? 0) : undefined;
  const version = Math.max(baseVersion ?? 0, decision.above ?? 0) + 1;
  const writeId = randomUUID();
  const entry = newEntry(topic, request, { version, id: writeId });
  const state = storableFields(request.id, decision.state);
  const mark = Date.now();
  return {
    _id,
    baseVersion,
    writeId,
    filter: basedOn(_id, loaded),
    update: updateFor(loaded, { state, version, deleted, writeId, entry, mark, keys }),
    document: documentFor(_id, { state, version, deleted, writeId, entry, mark, keys }),
    stored: { id: idOf(_id), version, state: decision.state, deleted },
    outbox: entry ? [...(loaded?.outbox ?? []), entry] : [],
  };
}

/**
 * What a write made past AggregateStore has to do beside its own: the next version, under an id of its own in the ring, so that
 * nobody takes it for another (R5, R6).
 */
export function nextVersion() {
  return { $inc: { version: 1 }, $push: { recentEventIds: { $each: [randomUUID()], $slice: -RECENT_WRITES } } };
}

/** `never`: it was not made and cannot be made any more. `unknown`: too much has happened since to tell. */
export type WriteOutcome = 'written' | 'not yet' | 'never' | 'unknown';

/** What became of a write whose answer was lost, from the document as it is now (R6). */
export function outcomeOf<S>(write: AggregateWrite<S>, now: AggregateDocument | null): WriteOutcome {
  if (now?.recentEventIds?.includes(write.writeId)) return 'written';
  const version = now ? (now.version ?? 0) : undefined;
  if (version === write.baseVersion) return 'not yet';
  // a majority that is behind the version loaded has nothing to say about what came after it
  if (write.baseVersion !== undefined && (version ?? 0) < write.baseVersion) return 'not yet';
  if (version === undefined) return 'unknown';
  return version - (write.baseVersion ?? 0) > RECENT_WRITES ? 'unknown' : 'never';
}

/**
 * The write goes onto the very document that was loaded: after a failover another write may have the same version, in place
 * of one that was rolled back. Its id tells them apart (R5).
 */
function basedOn(_id: DocumentId, loaded: AggregateDocument | undefined): Record<string, unknown> {
  const lastWrite = loaded?.recentEventIds?.at(-1);
  return { _id, version: loaded?.version ?? null, ...(lastWrite !== undefined && { recentEventIds: lastWrite }) };
}

interface Change {
  readonly state: Record<string, unknown>;
  readonly version: number;
  readonly deleted: boolean;
  readonly writeId: string;
  readonly entry: OutboxEntry | undefined;
  readonly mark: number;
  readonly keys: readonly KeyedWrite[] | undefined;
}

function newEntry(
  topic: Topic<unknown> | undefined,
  { id, loaded, decision: { event } }: WriteRequest<object>,
  position: { version: number; id: string },
): OutboxEntry | undefined {
  if (!event) return undefined;
  if (!topic) throw new Error(`${id} has an event but its store has no topic`);
  const waiting = loaded?.outbox ?? [];
  const bytes = waiting.reduce((sum, entry) => sum + entryBytes(entry), 0);
  if (waiting.length >= MAX_OUTBOX_ENTRIES || bytes >= MAX_OUTBOX_BYTES) throw new OutboxFull(id);
  const aggregateId = idOf(loaded?._id ?? documentId(id));
  return outboxEntry(topic, aggregateId, event, { ...position, previousVersion: loaded?.eventVersion ?? 0 });
}

function updateFor(loaded: AggregateDocument | undefined, change: Change): Record<string, unknown> {
  const gone: Record<string, 1> = {};
  for (const key of Object.keys(loaded ? storedFrom(loaded).state : {})) if (!(key in change.state)) gone[key] = 1;
  if (loaded?.deleted && !change.deleted) gone.deleted = 1;
  return {
    $set: {
      ...change.state,
      version: change.version,
      ...(change.deleted && { deleted: true }),
      ...(change.entry && { eventVersion: change.version, eventAt: change.mark }),
      ...(change.keys && { idempotency: change.keys }),
    },
    $push: {
      recentEventIds: { $each: [change.writeId], $slice: -RECENT_WRITES },
      ...(change.entry && { outbox: change.entry }),
    },
    ...(change.entry && { $min: { outboxSince: change.mark } }),
    ...(Object.keys(gone).length > 0 && { $unset: gone }),
  };
}

function documentFor(_id: DocumentId, change: Change): AggregateDocument {
  return {
    _id,
    ...change.state,
    version: change.version,
    ...(change.deleted && { deleted: true }),
    outbox: change.entry ? [change.entry] : [],
    ...(change.entry && { outboxSince: change.mark, eventVersion: change.version, eventAt: change.mark }),
    recentEventIds: [change.writeId],
    ...(change.keys && { idempotency: [...change.keys] }),
  };
}
