import type { AggregateDocument, NativeCollection } from '../document';
import type { NewEvent } from '../outbox-entry';
import type { Topic } from '../topic';

/** Where outboxes live: an aggregate store. */
export interface OutboxSource {
  readonly name: string;
  readonly topic: Topic<unknown> | undefined;
  readonly collection: NativeCollection;
  /** The newest event of a loaded document, made again from its state; undefined where that is not possible. */
  snapshot(document: AggregateDocument): NewEvent | undefined;
}

/** One aggregate among those of all sources. */
export function sourceKey(source: OutboxSource, id: string): string {
  return `${source.name}\n${id}`;
}
