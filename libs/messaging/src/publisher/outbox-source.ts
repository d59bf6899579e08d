import type { AggregateDocument, NativeCollection } from '../document';
import type { PastEvent } from '../past-events';
import type { Topic } from '../topic';

/** Where outboxes live: an aggregate store. */
export interface OutboxSource {
  readonly name: string;
  readonly topic: Topic<unknown> | undefined;
  readonly collection: NativeCollection;
  /** The events of a loaded document, made again from its state, oldest first; empty where that is not possible. */
  pastEvents(document: AggregateDocument): readonly PastEvent[];
  /** State topics: a write that changes nothing but the version, which becomes higher than `above` too (design: repair). */
  raise(id: string, above?: number): Promise<unknown>;
}

/** One aggregate among those of all sources. */
export function sourceKey(source: OutboxSource, id: string): string {
  return `${source.name}\n${id}`;
}
