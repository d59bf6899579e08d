import { live, type NativeCollection } from './document';
import { SharedRequests } from './shared-requests';

const EXACT_UP_TO = 10_000;
const MIN_INTERVAL_MS = 1_000;
/** Counting may take this part of the time: a fiftieth. */
const PAUSES_PER_COUNT = 50;

interface Counted {
  readonly total: number;
  /** What the store said it has at that time, deleted ones included. */
  readonly documents: number;
  /** performance.now() */
  readonly validUntil: number;
}

/**
 * How many documents of a collection are not deleted, at a price that does not grow with them. Up to 10,000 they are counted
 * each time, once for all who ask at the same time. Beyond that they are counted at most a fiftieth of the time; in between, the last total goes on by the
 * documents that were inserted, which the store knows without counting. So an insert is seen at once, a deletion (or a
 * revival) after 50 times as long as counting takes, 1 s at least; when all is quiet the total is exact.
 */
export class LiveCount {
  private counted: Counted | undefined;
  private isCounting = false;
  private readonly requests = new SharedRequests<'total', number>(async (asked) => {
    const total = await this.now();
    return asked.map(() => total);
  });

  constructor(
    private readonly collection: () => NativeCollection,
    private readonly exactUpTo = EXACT_UP_TO,
  ) {}

  total(): Promise<number> {
    return this.requests.ask('total');
  }

  private async now(): Promise<number> {
    const { counted } = this;
    if (!counted) return this.count();
    if (performance.now() < counted.validUntil || this.isCounting) return this.estimate(counted);
    this.isCounting = true;
    return this.count().finally(() => (this.isCounting = false));
  }

  private async estimate({ total, documents }: Counted): Promise<number> {
    return Math.max(0, total + (await this.collection().estimatedDocumentCount()) - documents);
  }

  private async count(): Promise<number> {
    const begin = performance.now();
    const total = await this.collection().countDocuments(live);
    const tookMs = performance.now() - begin;
    this.counted = undefined;
    if (total <= this.exactUpTo) return total;
    const documents = await this.collection().estimatedDocumentCount();
    const validUntil = performance.now() + Math.max(MIN_INTERVAL_MS, PAUSES_PER_COUNT * tookMs);
    this.counted = { total, documents, validUntil };
    return total;
  }
}
