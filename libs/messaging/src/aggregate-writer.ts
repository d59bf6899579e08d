import { isMet, type Precondition } from '@storefront/wire';
import { aggregateWrite, type Decision, type WriteRequest } from './aggregate-write';
import { commitWrite } from './commit-write';
import { type AggregateDocument, documentId, type Stored, storedFrom } from './document';
import { AggregateNotFound, VersionConflict, VersionMismatch } from './failures';
import {
  asWritten,
  durablyRemembered,
  type KeyedRequest,
  keysAfter,
  type Recollection,
  remembered,
  wholeState,
} from './keyed-writes';
import type { OutboxSource } from './publisher/outbox-source';
import type { Publisher } from './publisher/publisher';
import { SharedLoads } from './shared-loads';
import { SharedWrites } from './shared-writes';
import { reached } from './steps';

/** How often a command is decided again when others change the same aggregate. */
const MAX_CONFLICTS = 30;

interface Conditions {
  readonly precondition: Precondition | undefined;
  readonly request?: KeyedRequest | undefined;
}

/** The writes of one document: decided on what was loaded, made only if that is still so, decided again if not. */
export class AggregateWriter<S extends object> {
  private readonly loads = new SharedLoads(() => this.store.collection);
  private readonly writes = new SharedWrites(() => this.store.collection);

  constructor(
    private readonly store: OutboxSource & { readonly publisher: Publisher },
    private readonly recollection: Recollection<S> = wholeState as Recollection<S>,
  ) {}

  /** The first answer to this request, once it is durable. Throws KeyReused. */
  async again(id: string, request: KeyedRequest, repeated?: S): Promise<Stored<S>> {
    const durable = await durablyRemembered(this.store.collection, documentId(id), request);
    return asWritten(durable, this.recollection, repeated);
  }

  load(id: string): Promise<AggregateDocument | undefined> {
    return this.loads.load(id);
  }

  /** Loads, decides and writes until nobody else was faster. */
  async repeat(
    id: string,
    { precondition, request }: Conditions,
    decide: (current: Stored<S> | undefined) => Decision<S> | undefined,
  ): Promise<Stored<S>> {
    for (let conflicts = 0; conflicts <= MAX_CONFLICTS; conflicts++) {
      const loaded = await this.load(id);
      const current = loaded && storedFrom<S>(loaded);
      if (request && remembered(loaded, request)) return this.again(id, request);
      const decision = decide(current);
      const seen = current?.deleted ? undefined : current?.version;
      if (precondition && !isMet(precondition, seen)) throw new VersionMismatch(id, seen, precondition);
      if (!decision && current) return current;
      if (!decision) throw new AggregateNotFound(id);
      const stored = await this.attempt({ id, loaded, decision }, request);
      if (stored) return stored;
      this.store.publisher.noteConflict(this.store.name);
      await jitter(Math.min(5 * 2 ** conflicts, 100));
    }
    throw new VersionConflict(id);
  }

  /** One write; undefined when somebody else was faster. */
  async attempt(request: WriteRequest<S>, keyed?: KeyedRequest): Promise<Stored<S> | undefined> {
    const keys = keyed && keysAfter(request.loaded, keyed, this.recollection.note(request.decision.state));
    const write = aggregateWrite(this.store.topic, { ...request, keys });
    if (!(await commitWrite(this.writes, write))) return undefined;
    const wait = reached('document-written');
    if (wait) await wait;
    if (write.outbox.length > 0) this.store.publisher.enqueue(this.store, write.stored.id, write.outbox);
    return write.stored;
  }
}

function jitter(upToMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * upToMs));
}
