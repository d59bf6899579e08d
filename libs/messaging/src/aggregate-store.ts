import type { Collection } from 'mongoose';
import type { Precondition } from '@storefront/wire';
import { changeMany, insertMany } from './aggregate-batch';
import type { Decision } from './aggregate-write';
import { AggregateWriter } from './aggregate-writer';
import {
  type AggregateDocument,
  nativeCollection,
  type NativeCollection,
  type State,
  type Stored,
  storedFrom,
} from './document';
import { AggregateExists, AggregateNotFound } from './failures';
import { type KeyedRequest, type Recollection, remembered } from './keyed-writes';
import type { NewEvent } from './outbox-entry';
import type { PastEvent } from './past-events';
import type { OutboxSource } from './publisher/outbox-source';
import type { Publisher } from './publisher/publisher';
import type { Topic } from './topic';

export interface AggregateStoreOptions<S, Type extends string = string> {
  /** Where this aggregate's events go; without it no decision may carry an event. */
  readonly topic?: Topic<unknown, Type>;
  /** For a state topic: the newest event again, made from the state (a tombstone for a deleted one). Rule R7. */
  readonly snapshot?: (stored: Stored<S>) => NewEvent<NoInfer<Type>> | undefined;
  /** For the other topics: every event again, oldest first, made from the state; `newest` is the newest one's version. */
  readonly history?: (stored: Stored<S>, newest: number) => readonly PastEvent<NoInfer<Type>>[];
  /** For requests with a key, which get their first answer again; the whole state is kept beside the key unless given. */
  readonly recollection?: Recollection<S>;
}

/**
 * Aggregates of one type, one document each, over a mongoose model's native collection. Every call is one document write
 * that carries state, version and outbox entry: either all of it happened or nothing. What returned is durable, and its
 * event will be on the topic at least once, after the aggregate's earlier events, whatever dies. `decide` functions must be
 * pure: they are called again after a conflict. `Type` names the events that decisions may carry, those of the topic
 * (`EventTypeOf<typeof topic>`); a store that has no topic takes none.
 */
export class AggregateStore<S extends State, Type extends string = never> implements OutboxSource {
  readonly topic: Topic<unknown> | undefined;
  private readonly writer: AggregateWriter<S>;

  constructor(
    private readonly mongooseCollection: Collection,
    readonly publisher: Publisher,
    private readonly options: AggregateStoreOptions<S, Type> = {},
  ) {
    this.topic = options.topic && publisher.ownedTopic(options.topic, mongooseCollection.name);
    this.writer = new AggregateWriter(this, options.recollection);
    if (this.topic) publisher.register(this);
  }

  /** The driver's collection, for pages and streams. Throws StoreUnavailable before the first connection. */
  get collection(): NativeCollection {
    return nativeCollection(this.mongooseCollection);
  }

  get name(): string {
    return this.mongooseCollection.name;
  }

  /** The aggregate, deleted or not; undefined when the id was never used. */
  async find(id: string): Promise<Stored<S> | undefined> {
    const document = await this.writer.load(id);
    return document && storedFrom<S>(document);
  }

  /**
   * Throws AggregateExists when the id is taken, by a deleted aggregate too. A request with a key that created it before gets
   * the aggregate as it was then, deleted or not.
   */
  async insert(id: string, decision: Decision<S, Type>, request?: KeyedRequest): Promise<Stored<S>> {
    const stored = await this.writer.attempt({ id, loaded: undefined, decision }, request);
    const first = stored ?? (request && (await this.answered(id, request, decision.state)));
    if (!first) throw new AggregateExists(id);
    return first;
  }

  /**
   * What `insert` or `change` answered to this request, if it came before; for use cases that look at other things first,
   * which may be different now. Throws KeyReused.
   */
  async answered(id: string, request: KeyedRequest, repeated?: S): Promise<Stored<S> | undefined> {
    return remembered(await this.writer.load(id), request) && this.writer.again(id, request, repeated);
  }

  /**
   * Throws AggregateNotFound, VersionMismatch when another version was expected, VersionConflict when retries run out. A
   * request with a key that was carried out before gets the aggregate as it was then, and nothing is decided.
   */
  change(
    id: string,
    decide: (current: Stored<S>) => Decision<S, Type> | undefined,
    precondition?: Precondition,
    request?: KeyedRequest,
  ): Promise<Stored<S>> {
    return this.writer.repeat(id, { precondition, request }, (current) => {
      if (!current || current.deleted) throw new AggregateNotFound(id);
      return decide(current);
    });
  }

  /**
   * Inserts, replaces, or revives a deleted aggregate at its next version (`created` in the first and the last case). What is
   * not there, or deleted, has no version that could be expected.
   */
  async put(
    id: string,
    decide: (current: Stored<S> | undefined) => Decision<S, Type>,
    precondition?: Precondition,
  ): Promise<{ stored: Stored<S>; created: boolean }> {
    let created = false;
    const stored = await this.writer.repeat(id, { precondition }, (current) => {
      created = !current || current.deleted;
      return decide(created ? undefined : current);
    });
    return { stored, created };
  }

  /** Leaves `{_id, version, deleted}` behind, so that versions go on (R9). Throws as `change` does. */
  remove(
    id: string,
    decide: (current: Stored<S>) => NewEvent<Type> | undefined,
    precondition?: Precondition,
  ): Promise<Stored<S>> {
    return this.writer.repeat(id, { precondition }, (current) => {
      if (!current || current.deleted) throw new AggregateNotFound(id);
      return { state: {} as S, event: decide(current), deleted: true };
    });
  }

  /**
   * Many aggregates, with one load and one bulk write for every 4 MiB of them: decides each, and repeats those that others
   * changed meanwhile. `current` is undefined for an unknown id (a decision then inserts it). Returns the versions that were
   * written, by id. When it throws, some may be written: nothing is, that was not decided.
   */
  changeMany(
    ids: readonly string[],
    decide: (current: Stored<S> | undefined, id: string) => Decision<S, Type> | undefined,
  ): Promise<Map<string, number>> {
    return changeMany(this, ids, decide);
  }

  /** Creating consumers: inserts what is not there and returns the ids inserted now; existing ones are left alone (R8). */
  insertMany(items: readonly { id: string; decision: Decision<S, Type> }[]): Promise<Set<string>> {
    return insertMany(this, items);
  }

  /** The events of a loaded document, made again: of a state topic the newest, of the others all. */
  pastEvents(document: AggregateDocument): readonly PastEvent[] {
    const { eventVersion: version } = document;
    if (version === undefined) return [];
    const stored = storedFrom<S>(document);
    const event = this.options.snapshot?.(stored);
    if (event) return [{ ...event, version, previousVersion: version - 1 }];
    return stored.deleted ? [] : (this.options.history?.(stored, version) ?? []);
  }

  /**
   * State topics: writes the aggregate as it is, at a version above its own and above `above`, so that its event passes every
   * gate. An id that was never used becomes a deleted one.
   */
  raise(id: string, above = 0): Promise<Stored<S>> {
    return this.writer.repeat(id, { precondition: undefined }, (current) => {
      const { state, deleted } = current ?? { state: {} as S, deleted: true };
      const event = this.options.snapshot?.({ id, version: current?.version ?? 0, state, deleted });
      return { state, deleted, above, event };
    });
  }
}
