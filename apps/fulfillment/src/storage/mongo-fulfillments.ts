import { Injectable } from '@nestjs/common';
import type { orderStatusChanges, Precondition } from '@storefront/contracts';
import {
  AggregateNotFound,
  AggregateStore,
  type AggregateDocument,
  type Decision,
  documentGroups,
  documentId,
  type EventTypeOf,
  live,
  LiveCount,
  type PastEvent,
  type Stored,
  storedFrom,
} from '@storefront/messaging';
import type { Fulfillment } from '../domain/fulfillment';
import { FulfillmentNotFound } from '../domain/fulfillment-not-found';
import { Fulfillments, type ReportedHistory } from '../domain/fulfillments';
import type { KeyedRequest } from '../domain/keyed-request';
import { type Fact, orderStatusChanged, orderStatusesChanged } from '../domain/order-status-changed';
import type { Page, PageRequest } from '../domain/page';
import { type FulfillmentDocument, toDocument, toFulfillment } from './fulfillment-document';

type StatusEvent = EventTypeOf<typeof orderStatusChanges>;

/** What a fulfillment has to do with messages stays in the store. */
const projection = { outbox: 0, recentEventIds: 0, idempotency: 0 } as const;
const statusField = 'order.orderStatusEvents.orderStatusType';

type Status = Parameters<Fulfillments['between']>[0];

@Injectable()
export class MongoFulfillments extends Fulfillments {
  private readonly count = new LiveCount(() => this.store.collection);

  constructor(private readonly store: AggregateStore<FulfillmentDocument, StatusEvent>) {
    super();
  }

  async find(id: string): Promise<Fulfillment | undefined> {
    const stored = await this.store.find(id);
    return stored && !stored.deleted ? toFulfillment(stored) : undefined;
  }

  page({ page, size, sort }: PageRequest): Page<Fulfillment> {
    const order = Object.fromEntries(
      sort.map(({ property, direction }) => [property === 'id' ? '_id' : property, direction]),
    );
    return {
      groups: this.groups(live, {
        sort: '_id' in order ? order : { ...order, _id: 'asc' },
        skip: page * size,
        limit: size,
      }),
      totalElements: () => this.count.total(),
    };
  }

  all(): AsyncIterable<readonly Fulfillment[]> {
    return this.groups(live, { sort: { _id: 'asc' } });
  }

  between(from: Status, to: Status): AsyncIterable<readonly Fulfillment[]> {
    return this.groups({ ...live, $and: [{ [statusField]: from }, { [statusField]: { $ne: to } }] }, {});
  }

  addAll(fulfillments: readonly Fulfillment[]): Promise<Set<string>> {
    return this.store.insertMany(
      fulfillments.map((fulfillment) => ({ id: fulfillment.id, decision: { state: toDocument(fulfillment) } })),
    );
  }

  async change(
    id: string,
    move: (fulfillment: Fulfillment) => Fulfillment,
    precondition?: Precondition,
    request?: KeyedRequest,
  ): Promise<Fulfillment> {
    const decide = (stored: Stored<FulfillmentDocument>) => moved(move(toFulfillment(stored)));
    try {
      return toFulfillment(await this.store.change(id, decide, precondition, request));
    } catch (error) {
      if (error instanceof AggregateNotFound) throw new FulfillmentNotFound(id);
      throw error;
    }
  }

  async changeAll(ids: readonly string[], move: (fulfillment: Fulfillment) => Fulfillment | undefined): Promise<void> {
    await this.store.changeMany([...ids], (stored) => {
      const fulfillment = stored && !stored.deleted ? move(toFulfillment(stored)) : undefined;
      return fulfillment && moved(fulfillment);
    });
  }

  private groups(
    filter: Record<string, unknown>,
    part: { sort?: Record<string, 'asc' | 'desc'>; skip?: number; limit?: number },
  ): AsyncIterable<readonly Fulfillment[]> {
    return documentGroups(this.store.collection, filter, { ...part, projection, map: fulfillmentOf });
  }

  async correctAll(
    ids: readonly string[],
    correct: (fulfillment: Fulfillment) => Fulfillment | undefined,
  ): Promise<Set<string>> {
    const corrected = await this.store.changeMany([...ids], (stored) => {
      const fulfillment = stored && !stored.deleted ? correct(toFulfillment(stored)) : undefined;
      return fulfillment && { state: toDocument(fulfillment) };
    });
    return new Set(corrected.keys());
  }

  async reportsOf(ids: readonly string[]): Promise<ReportedHistory[]> {
    const filter = { ...live, _id: { $in: ids.map(documentId) } };
    const found: ReportedHistory[] = [];
    for await (const group of documentGroups(this.store.collection, filter, { projection, map: historyOf })) {
      found.push(...group);
    }
    return found;
  }
}

function historyOf(document: AggregateDocument): ReportedHistory {
  const stored = storedFrom<FulfillmentDocument>(document);
  const reports = reportsAgain(stored, document.eventVersion ?? 0);
  return {
    guid: stored.id,
    reports: reports.map(({ value, version, previousVersion }) => ({
      version,
      previousVersion,
      event: value.orderStatusEvent,
    })),
  };
}

/**
 * All reports again, with the versions they had. Each move is one version, the request was the first; where the document has
 * lost count of that, they are numbered backwards from the newest.
 */
export function reportsAgain(stored: Stored<FulfillmentDocument>, newest: number): (PastEvent<StatusEvent> & Fact)[] {
  const facts = orderStatusesChanged(toFulfillment(stored));
  const first = newest - facts.length + 1;
  if (first < 1) return [];
  return facts.map((fact, index) => ({
    ...fact,
    version: first + index,
    previousVersion: index === 0 ? 0 : first + index - 1,
    occurredAt: new Date(fact.value.orderStatusEvent.timestamp).toISOString(),
  }));
}

function moved(fulfillment: Fulfillment): Decision<FulfillmentDocument, StatusEvent> {
  return { state: toDocument(fulfillment), event: orderStatusChanged(fulfillment) };
}

function fulfillmentOf(document: AggregateDocument): Fulfillment {
  return toFulfillment(storedFrom<FulfillmentDocument>(document));
}
