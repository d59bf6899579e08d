import { trace } from '@opentelemetry/api';
import type { mongo } from 'mongoose';
import type { AggregateDocument, NativeCollection } from './document';
import { DURABLE } from './durable';
import { refusedAsDuplicates } from './mongo-errors';

type Operation = mongo.AnyBulkWriteOperation<AggregateDocument>;

interface Call {
  readonly operations: readonly Operation[];
  readonly resolve: (refused: Set<number>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Unordered bulk writes of one collection. Those that are asked for in the same turn of the event loop, as by the batches of
 * several partitions that one fetch has brought, reach the store as one; each call learns what became of its own operations.
 * Operations must be gated, so that making one twice does nothing: what fails together is made once more, apart.
 */
export class SharedBulk {
  private calls: Call[] = [];

  constructor(private readonly collection: () => NativeCollection) {}

  /** Positions of the operations that were refused as duplicates. Throws StoreUnavailable; then any of them may have been made. */
  write(operations: readonly Operation[]): Promise<Set<number>> {
    if (operations.length === 0) return Promise.resolve(new Set());
    // a trace has its own write, not one that it shares with strangers
    if (trace.getActiveSpan()?.isRecording()) return this.bulk(operations);
    return new Promise((resolve, reject) => {
      if (this.calls.push({ operations, resolve, reject }) === 1) setImmediate(() => void this.flush());
    });
  }

  private async flush(): Promise<void> {
    const { calls } = this;
    this.calls = [];
    try {
      const refused = await this.bulk(calls.flatMap(({ operations }) => operations));
      let from = 0;
      for (const { operations, resolve } of calls) {
        const begin = from;
        resolve(new Set([...operations.keys()].filter((position) => refused.has(begin + position))));
        from += operations.length;
      }
    } catch (error) {
      const [only] = calls;
      if (calls.length === 1 && only) return only.reject(error);
      // one call's trouble must not be taken for another's
      for (const { operations, resolve, reject } of calls) await this.bulk(operations).then(resolve, reject);
    }
  }

  private async bulk(operations: readonly Operation[]): Promise<Set<number>> {
    try {
      await this.collection().bulkWrite(operations, { ...DURABLE, ordered: false, ignoreUndefined: true });
      return new Set();
    } catch (error) {
      return new Set(refusedAsDuplicates(error));
    }
  }
}
