import { setTimeout as sleep } from 'node:timers/promises';
import { type AggregateDocument, type DocumentId, type NativeCollection, type Stored, storedFrom } from './document';
import { AggregateNotFound, KeyReused, StoreUnavailable, TooManyKeys } from './failures';
import { translated } from './mongo-errors';

/** A request that its client can send again without a second effect. Both are hexadecimal digests of 64 digits. */
export interface KeyedRequest {
  /** Of who sent it, where to, and the key. */
  readonly key: string;
  /** Of what it says. */
  readonly fingerprint: string;
}

/** What a document remembers of a write that a keyed request led to; in the document since that same write. */
export interface KeyedWrite {
  readonly key: string;
  readonly fingerprint: string;
  /** Epoch ms. */
  readonly at: number;
  readonly version: number;
  readonly note: unknown;
}

/** How the first answer is given again although the aggregate has moved on: a note beside the key, as small as possible. */
export interface Recollection<S, N = unknown> {
  /** What a later state cannot tell of this one. */
  note(state: S): N;
  /**
   * The state as the write left it, from the one of now (empty when it was deleted). `repeated`: for a creation, the state
   * that the repeated request would store. undefined: it cannot be told any more.
   */
  restore(note: N, now: Stored<S>, repeated: S | undefined): S | undefined;
}

/** 24 hours, and one more because the clocks of two instances differ. */
export const KEEP_KEYS_MS = 25 * 60 * 60 * 1000;
/** Keys that one aggregate remembers: a new one takes the place of the oldest, once that one is old enough. */
export const MAX_KEYS = 256;
/**
 * No key is forgotten before, however many there are: 10 minutes, in which clients repeat what was not answered, and 5 more
 * because the clocks of two instances differ.
 */
export const KEEP_KEYS_AT_LEAST_MS = 15 * 60 * 1000;

/** How long a write that is there, but not for sure yet, is waited for. */
const DURABLE_WITHIN_MS = 5_000;
const MAX_PAUSE_MS = 200;
/** Enough of a digest to tell the requests for one aggregate apart. */
const DIGITS = 32;

/** The whole state beside the key: right for every aggregate that is small. */
export const wholeState: Recollection<object> = {
  note: (state) => state,
  restore: (note) => note as object,
};

/** What is remembered of this request. Throws KeyReused when it said something else the first time. */
export function remembered(document: AggregateDocument | undefined, request: KeyedRequest): KeyedWrite | undefined {
  const key = request.key.slice(0, DIGITS);
  const found = document?.idempotency?.find((write) => write.key === key);
  if (found && found.fingerprint !== request.fingerprint.slice(0, DIGITS)) throw new KeyReused();
  return found;
}

/**
 * Returns the keys in the document after the write of this request. The one that created it stays for ever, since the id is made
 * from it; of the others the newest 255 stay for 24 hours, and each one for 10 minutes at least. Throws TooManyKeys where
 * another one would be forgotten earlier.
 */
export function keysAfter(loaded: AggregateDocument | undefined, request: KeyedRequest, note: unknown): KeyedWrite[] {
  const at = Date.now();
  const [creating, others] = split(loaded?.idempotency ?? []);
  const young = others.filter((write) => at - write.at < KEEP_KEYS_MS).toSorted((a, b) => a.at - b.at);
  const forgotten = young.slice(0, Math.max(0, creating.length + young.length + 1 - MAX_KEYS));
  const latest = forgotten.at(-1);
  const waitMs = latest ? latest.at + KEEP_KEYS_AT_LEAST_MS - at : 0;
  if (waitMs > 0) throw new TooManyKeys(MAX_KEYS, Math.ceil(waitMs / 1000));
  const kept = [...creating, ...young.slice(forgotten.length)];
  const key = request.key.slice(0, DIGITS);
  const fingerprint = request.fingerprint.slice(0, DIGITS);
  return [...kept, { key, fingerprint, at, version: (loaded?.version ?? 0) + 1, note }];
}

function split(writes: readonly KeyedWrite[]): [creating: KeyedWrite[], others: KeyedWrite[]] {
  return [writes.filter(({ version }) => version === 1), writes.filter(({ version }) => version !== 1)];
}

/**
 * The document with what it remembers of this request, once a majority has it: an answer given again is as durable as the
 * first one. Throws StoreUnavailable when that does not come true in time.
 */
export async function durablyRemembered(
  collection: NativeCollection,
  _id: DocumentId,
  request: KeyedRequest,
): Promise<{ document: AggregateDocument; write: KeyedWrite }> {
  const giveUpAt = performance.now() + DURABLE_WITHIN_MS;
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    const options = { readConcern: { level: 'majority' as const }, readPreference: 'primary' as const };
    const document = await translated(async () => (await collection.findOne({ _id }, options)) ?? undefined);
    const write = remembered(document, request);
    if (document && write) return { document, write };
    if (performance.now() > giveUpAt) throw new StoreUnavailable();
    await sleep(pauseMs);
  }
}

/** The aggregate as the remembered write left it. */
export function asWritten<S extends object>(
  { document, write }: { document: AggregateDocument; write: KeyedWrite },
  recollection: Recollection<S>,
  repeated: S | undefined,
): Stored<S> {
  const now = storedFrom<S>(document);
  const state = recollection.restore(write.note, now, repeated);
  if (!state) throw new AggregateNotFound(now.id);
  return { id: now.id, version: write.version, state, deleted: false };
}

/** The id of what this request creates, of 24 hexadecimal digits: the same one whenever it comes. */
export function hexIdOf({ key }: KeyedRequest): string {
  return key.slice(0, 24);
}

/** The same as a UUID (version 8: of our own making, RFC 9562). */
export function uuidOf({ key }: KeyedRequest): string {
  const variant = ((Number.parseInt(key.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  const third = `8${key.slice(13, 16)}`;
  return [key.slice(0, 8), key.slice(8, 12), third, variant + key.slice(17, 20), key.slice(20, 32)].join('-');
}
