export interface AnswerSize {
  /** What the documents of an answer are to be together. */
  readonly bytes: number;
  /** However small they are. */
  readonly maxDocuments: number;
}

/** A request's body is 256 KiB at most: of documents that are larger than those before, 50 are 12.5 MiB. */
export const forReaders: AnswerSize = { bytes: 1024 * 1024, maxDocuments: 50 };
/** What is loaded to be written: few do it at a time, and each answer of the store costs them as much as ten documents. */
export const forWriters: AnswerSize = { bytes: 4 * 1024 * 1024, maxDocuments: 200 };

const LARGEST_AT_FIRST = 50 * 1024;
/** What is left of the largest size with every answer that has none so large. */
const FADES = 0.9;

/**
 * How many documents of a collection an answer of the store may bring. The store counts documents, not bytes, before it
 * answers: so the largest document of the last answers says how many there may be: one at least; at first as if 50 KiB were the largest.
 */
export class DocumentSizes {
  private largestBytes = LARGEST_AT_FIRST;

  documentsPerAnswer({ bytes, maxDocuments }: AnswerSize): number {
    return Math.max(1, Math.min(maxDocuments, Math.floor(bytes / this.largestBytes)));
  }

  /** Of the documents of one answer, as BSON. */
  note(documents: readonly Uint8Array[]): void {
    if (documents.length === 0) return;
    const largest = documents.reduce((max, { byteLength }) => Math.max(max, byteLength), 0);
    this.largestBytes = Math.max(largest, this.largestBytes * FADES);
  }
}
