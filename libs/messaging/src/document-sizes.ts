const ANSWER_BYTES = 1024 * 1024;
/** A request's body is 256 KiB at most: of documents that are larger than those before, 50 are 12.5 MiB. */
const MAX_DOCUMENTS = 50;
const DOCUMENTS_AT_FIRST = 20;
/** What is left of the largest size with every answer that has none so large. */
const FADES = 0.9;

/**
 * How many documents of a collection an answer of the store may bring. The store counts documents, not bytes, before it
 * answers: so the largest document of the last answers says how many are 1 MiB. It is 20 at first, then from 1 to 50.
 */
export class DocumentSizes {
  private largestBytes = ANSWER_BYTES / DOCUMENTS_AT_FIRST;

  get documentsPerAnswer(): number {
    return Math.max(1, Math.min(MAX_DOCUMENTS, Math.floor(ANSWER_BYTES / this.largestBytes)));
  }

  /** Of the documents of one answer, as BSON. */
  note(documents: readonly Uint8Array[]): void {
    if (documents.length === 0) return;
    const largest = documents.reduce((max, { byteLength }) => Math.max(max, byteLength), 0);
    this.largestBytes = Math.max(largest, this.largestBytes * FADES);
  }
}
