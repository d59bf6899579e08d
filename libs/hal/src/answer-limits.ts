/** How much memory answers may hold. */
export interface AnswerLimits {
  /** Bytes of UTF-8 that the elements of one page have together; a single element may be longer. */
  readonly maxPageBytes: number;
  /** Bytes that all pages which are made or sent at a time have together; one that is made counts with `maxPageBytes`. Single resources have a quarter of it besides. */
  readonly maxPagesBytes: number;
  /** How many whole collections are streamed at a time. */
  readonly maxCollections: number;
}

const MiB = 1024 * 1024;

/** Fits a heap of 256 MiB: while a page is made, up to 5 MiB of documents are held for it besides. */
export const answerLimits: AnswerLimits = { maxPageBytes: 4 * MiB, maxPagesBytes: 32 * MiB, maxCollections: 4 };
