import { mongo } from 'mongoose';
import type { AggregateDocument, NativeCollection } from './document';
import { type AnswerSize, DocumentSizes, forReaders } from './document-sizes';

const GROUP_BYTES = forReaders.bytes;

const GROUP_DOCUMENTS = 500;

export interface SizedDocument {
  readonly document: AggregateDocument;
  /** Its length in the store, as BSON. */
  readonly bytes: number;
}

type FindOptions = Omit<mongo.FindOptions, 'raw' | 'batchSize'>;

/** By the name of the collection. */
const sizes = new Map<string, DocumentSizes>();

/**
 * What a find finds, read no faster than it is taken, with so few documents an answer of the store that they are about 1 MiB,
 * unless another size is given. A group is what one answer brought, or its part that reaches that size. The cursor is closed
 * behind the last group, or when the reader stops earlier.
 */
export async function* sizedDocuments(
  collection: mongo.Collection<AggregateDocument>,
  filter: mongo.Filter<AggregateDocument>,
  options: FindOptions = {},
  size: AnswerSize = forReaders,
): AsyncGenerator<SizedDocument[], void> {
  const known = sizesOf(collection.collectionName);
  // raw, because only then the store's bytes can be counted without encoding each document again
  const cursor = collection.find(filter, { ...options, raw: true, batchSize: known.documentsPerAnswer(size) });
  try {
    while (await cursor.hasNext()) {
      const answered = cursor.readBufferedDocuments() as unknown as Uint8Array[];
      known.note(answered);
      let group: SizedDocument[] = [];
      let bytes = 0;
      for (const raw of answered) {
        group.push({ document: mongo.BSON.deserialize(raw) as AggregateDocument, bytes: raw.byteLength });
        bytes += raw.byteLength;
        if (bytes < size.bytes) continue;
        yield group;
        [group, bytes] = [[], 0];
      }
      if (group.length > 0) yield group;
    }
  } finally {
    await cursor.close();
  }
}

/**
 * What a find finds, in groups of 1 to some 500 documents. A group ends where its documents reach 1 MiB in the store, so that
 * it is below 2 MiB plus one document. `map` makes of a document what is wanted of it.
 */
export async function* documentGroups<T>(
  collection: NativeCollection,
  filter: mongo.Filter<AggregateDocument>,
  { map, ...options }: FindOptions & { map: (document: AggregateDocument) => T },
): AsyncGenerator<T[], void> {
  let group: T[] = [];
  let bytes = 0;
  for await (const documents of sizedDocuments(collection, filter, options)) {
    for (const { document, bytes: size } of documents) {
      group.push(map(document));
      bytes += size;
    }
    if (bytes < GROUP_BYTES && group.length < GROUP_DOCUMENTS) continue;
    yield group;
    [group, bytes] = [[], 0];
  }
  if (group.length > 0) yield group;
}

function sizesOf(collection: string): DocumentSizes {
  const known = sizes.get(collection) ?? new DocumentSizes();
  sizes.set(collection, known);
  return known;
}
