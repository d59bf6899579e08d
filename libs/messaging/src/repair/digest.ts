import type { Connection } from 'mongoose';
import { mongo } from 'mongoose';
import { type AggregateDocument, type DocumentId, documentId, idOf, type Stored, storedFrom } from '../document';
import { sizedDocuments } from '../document-groups';
import { StoreUnavailable } from '../failures';
import { translated } from '../mongo-errors';
import type { Topic } from '../topic';
import { contentHash } from './content-hash';

/** What a document says about an aggregate of one topic; `foreign`: another program keeps it, so that it cannot be compared. */
export interface DigestContent {
  /** Of the newest event that is in it; 0 before the first. */
  readonly version: number;
  /** What owner and copy must have alike. */
  readonly content: unknown;
  readonly deleted?: boolean;
  readonly foreign?: boolean;
}

/** One side of a topic: the documents with its aggregates, and what they say. */
export interface Digest {
  readonly topic: Topic<unknown>;
  readonly role: 'owner' | 'replica';
  readonly collection: string;
  /** Of a document; undefined where it says nothing of an aggregate on this topic. */
  read(stored: Stored<object>, document: AggregateDocument): DigestContent | undefined;
}

export interface DigestEntry {
  readonly id: string;
  readonly version: number;
  readonly hash: string;
  readonly deleted?: true;
  readonly foreign?: true;
  /** Owner: its newest event waits for Kafka. */
  readonly pending?: true;
}

export interface DigestPage {
  readonly entries: readonly DigestEntry[];
  /** Ask for the page after it; absent on the last one. */
  readonly next?: string;
}

/** Rule R5, for both sides: what may be rolled back is not compared. */
const SURELY = { readConcern: { level: 'majority' }, readPreference: 'primary' } as const;
const FIRST_OBJECT_ID = new mongo.ObjectId('0'.repeat(24));

/** Reads one side of a topic, in pages in the order of ids, or what there is of some ids. It writes and locks nothing. */
export class DigestReader {
  constructor(
    readonly digest: Digest,
    private readonly connection: Connection,
    private readonly parkedAmong: (ids: readonly string[]) => Promise<Set<string>>,
  ) {}

  async page(after: string | undefined, size: number): Promise<DigestPage> {
    const entries: DigestEntry[] = [];
    let [read, last] = [0, ''];
    await translated(async () => {
      for await (const documents of documentsBehind(this.collection, { after, size })) {
        entries.push(...this.entries(documents));
        read += documents.length;
        const end = documents.at(-1);
        if (end) last = idOf(end._id);
      }
    });
    return { entries, ...(read === size && { next: last }) };
  }

  /** What there is of some ids, and of which of them events are parked here, whether they are there or not. */
  async of(ids: readonly string[]): Promise<{ entries: DigestEntry[]; parked: string[] }> {
    const filter = { _id: { $in: ids.map(documentId) } };
    const entries: DigestEntry[] = [];
    await translated(async () => {
      for await (const group of sizedDocuments(this.collection, filter, SURELY)) {
        entries.push(...this.entries(group.map(({ document }) => document)));
      }
    });
    const parked = this.digest.role === 'replica' ? await this.parkedAmong(ids) : [];
    return { entries, parked: [...parked] };
  }

  private get collection(): mongo.Collection<AggregateDocument> {
    const { db } = this.connection;
    if (!db) throw new StoreUnavailable();
    return db.collection<AggregateDocument>(this.digest.collection);
  }

  private entries(documents: readonly AggregateDocument[]): DigestEntry[] {
    return documents.flatMap((document) => this.entry(document) ?? []);
  }

  private entry(document: AggregateDocument): DigestEntry | undefined {
    const stored = storedFrom<object>(document);
    const said = this.digest.read(stored, document);
    if (!said) return undefined;
    const isOwner = this.digest.role === 'owner';
    const isPending = document.outboxSince !== undefined || (document.outbox ?? []).length > 0;
    return {
      id: stored.id,
      version: said.version,
      hash: said.deleted ? '' : contentHash(said.content),
      ...(said.deleted && { deleted: true }),
      ...(said.foreign && { foreign: true }),
      ...(isOwner && isPending && { pending: true }),
    };
  }
}

interface Behind {
  /** An id; without it, from the beginning. */
  readonly after: string | undefined;
  /** How many at most. */
  readonly size: number;
  readonly filter?: object;
  readonly projection?: Readonly<Record<string, 0 | 1>>;
}

/**
 * The documents behind an id in the order of ids, in groups that are read while they are taken. Strings come before ObjectIds,
 * as in MongoDB's own order: it compares values of one type only.
 */
export async function* documentsBehind(
  collection: mongo.Collection<AggregateDocument>,
  { after, size, filter = {}, projection = {} }: Behind,
): AsyncGenerator<AggregateDocument[], void> {
  const from = after === undefined ? undefined : documentId(after);
  const first: Condition = from === undefined ? { $gte: '' } : { $gt: from };
  const ranges: Condition[] = from instanceof mongo.ObjectId ? [first] : [first, { $gte: FIRST_OBJECT_ID }];
  let left = size;
  for (const _id of ranges) {
    if (left === 0) return;
    const part = { ...SURELY, projection, sort: { _id: 1 }, limit: left } as const;
    for await (const group of sizedDocuments(collection, { ...filter, _id }, part)) {
      left -= group.length;
      yield group.map(({ document }) => document);
    }
  }
}

type Condition = { $gt: DocumentId } | { $gte: DocumentId };
