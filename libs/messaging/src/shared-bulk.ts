import { trace } from '@opentelemetry/api';
import type { mongo } from 'mongoose';
import type { AggregateDocument, NativeCollection } from './document';
import { DURABLE } from './durable';
import { refusedAsDuplicates } from './mongo-errors';
import { allOf, SharedRequests } from './shared-requests';

type Operation = mongo.AnyBulkWriteOperation<AggregateDocument>;

type Operations = readonly Operation[];

/**
 * Unordered bulk writes of one collection. Those that are asked for at the same time, as by the batches of several partitions
 * that one fetch has brought, reach the store as one; each call learns what became of its own operations. Operations must be
 * gated, so that making one twice does nothing: what fails together is made once more, apart.
 */
export class SharedBulk {
  private readonly requests = new SharedRequests<Operations, Set<number>>((calls) => this.together(calls));

  constructor(private readonly collection: () => NativeCollection) {}

  /** Positions of the operations that were refused as duplicates. Throws StoreUnavailable; then any of them may have been made. */
  write(operations: Operations): Promise<Set<number>> {
    if (operations.length === 0) return Promise.resolve(new Set());
    // a trace has its own write, not one that it shares with strangers
    if (trace.getActiveSpan()?.isRecording()) return this.bulk(operations);
    return this.requests.ask(operations);
  }

  private async together(calls: readonly Operations[]): Promise<(Set<number> | Error)[]> {
    try {
      const refused = await this.bulk(calls.flat());
      let from = 0;
      return calls.map((operations) => {
        const begin = from;
        from += operations.length;
        return new Set([...operations.keys()].filter((position) => refused.has(begin + position)));
      });
    } catch (error) {
      if (calls.length === 1) throw error;
      // one call's trouble must not be taken for another's
      return allOf(calls, (operations) => this.bulk(operations));
    }
  }

  private async bulk(operations: Operations): Promise<Set<number>> {
    try {
      await this.collection().bulkWrite(operations, { ...DURABLE, ordered: false, ignoreUndefined: true });
      return new Set();
    } catch (error) {
      return new Set(refusedAsDuplicates(error));
    }
  }
}
