import { createHash } from 'node:crypto';
import type { OrderStatusEvent } from '@storefront/contracts';
import { byId, type CustomerDocument, type Stores } from '../system/stores';
import { type Violation, violations } from './violation';

export interface CustomerWrites {
  /** What was answered 2xx: the version it made, and the e-mail address it left (null: deleted). */
  acknowledged: { version: number; email: string | null }[];
  /** Requests without an answer that says what became of them. */
  unknown: number;
}

interface OrderWrites {
  /** The longest history a 2xx has shown, here or in Fulfillment. */
  history: OrderStatusEvent[];
  requested: boolean;
}

/** A write that was answered 2xx. */
export interface Acknowledged {
  readonly aggregate: 'customer' | 'order' | 'fulfillment';
  readonly id: string;
  readonly version: number;
  /** Of what the answer said it left. */
  readonly hash: string;
}

export interface Unanswered {
  readonly request: string;
  /** Undefined when the connection broke. */
  readonly status: number | undefined;
  readonly text: string;
}

export interface Placements {
  acknowledged: number;
  unknown: number;
}

/** What the services have promised by their 2xx, to be held against their stores and topics afterwards. */
export class Ledger {
  readonly customers = new Map<string, CustomerWrites>();
  readonly orders = new Map<string, OrderWrites>();
  /** Of every customer: how many orders were placed, and how often nobody said. */
  readonly placements = new Map<string, Placements>();
  /** Answers that no fault explains. */
  readonly surprises: string[] = [];
  /** Requests without an answer that says what became of them, and what was said instead. */
  readonly unanswered: Unanswered[] = [];
  /** Histories that grew by more than was answered: by a request that was not. */
  readonly leaps: string[] = [];
  acknowledged = 0;
  refused = 0;

  constructor(private readonly onWrite: (entry: Acknowledged) => void = () => {}) {}

  customerWritten(id: string, version: number, email: string | null): void {
    this.customer(id).acknowledged.push({ version, email });
    this.acknowledged++;
    this.onWrite({ aggregate: 'customer', id, version, hash: hashOf(email) });
  }

  customerUnknown(id: string): void {
    this.customer(id).unknown++;
  }

  orderPlaced(customerId: string, outcome: keyof Placements): void {
    const placements = this.placements.get(customerId) ?? { acknowledged: 0, unknown: 0 };
    placements[outcome]++;
    this.placements.set(customerId, placements);
  }

  orderWritten(guid: string, history: OrderStatusEvent[], { requested, version }: OrderWrite): void {
    const order = this.orders.get(guid) ?? { history: [], requested: false };
    if (order.history.length > 0 && history.length > order.history.length + 1) {
      this.leaps.push(`order ${guid}: ${shown(order.history)}, then ${shown(history)}`);
    }
    if (history.length > order.history.length) order.history = history;
    const aggregate = order.requested ? 'fulfillment' : 'order';
    order.requested ||= requested;
    this.orders.set(guid, order);
    this.acknowledged++;
    this.onWrite({ aggregate, id: guid, version, hash: hashOf(history) });
  }

  /** Promises that were not kept. */
  async broken(stores: Stores): Promise<Violation[]> {
    const [customers, orders, fulfillments] = await Promise.all([
      byId(stores.customers),
      byId(stores.orders),
      byId(stores.fulfillments),
    ]);
    const found = [...this.customers].flatMap(([id, writes]) => brokenFor(id, writes, customers.get(id)));
    const lost = (text: string) => void found.push({ kind: 'lost', text });
    for (const [guid, { history, requested }] of this.orders) {
      const now = orders.get(guid);
      const fulfillment = fulfillments.get(guid)?.order?.orderStatusEvents;
      const isKept = [now?.orderStatusEvents, ...(requested ? [fulfillment] : [])].every((events) =>
        startsWith(events, history),
      );
      const seen = `orders has ${shown(now?.orderStatusEvents)}, fulfillment ${shown(fulfillment)}`;
      if (!isKept) lost(`order ${guid}: ${shown(history)} was acknowledged, ${seen}`);
      if (requested && now?.fulfillmentRequested !== true) lost(`order ${guid}: its fulfill was acknowledged`);
    }
    return found;
  }

  /** Writes that were applied although nobody was told so: for faults that must leave no request open. */
  async appliedUnanswered(stores: Stores): Promise<Violation[]> {
    const [customers, orders] = await Promise.all([byId(stores.customers), byId(stores.orders)]);
    const found = [...this.leaps];
    for (const [id, { acknowledged }] of this.customers) {
      const version = customers.get(id)?.version ?? 0;
      if (version > acknowledged.length)
        found.push(`customer ${id}: ${acknowledged.length} writes, version ${version}`);
    }
    for (const [guid, { history }] of this.orders) {
      const now = orders.get(guid)?.orderStatusEvents;
      if ((now?.length ?? 0) > history.length)
        found.push(`order ${guid}: answered ${shown(history)}, has ${shown(now)}`);
    }
    const ofCustomer = Map.groupBy(orders.values(), ({ customerId = '' }) => customerId);
    for (const [id, { acknowledged }] of this.placements) {
      const count = ofCustomer.get(id)?.length ?? 0;
      if (count > acknowledged) found.push(`customer ${id}: ${acknowledged} orders placed, there are ${count}`);
    }
    return violations('dishonest', found);
  }

  private customer(id: string): CustomerWrites {
    const writes = this.customers.get(id) ?? { acknowledged: [], unknown: 0 };
    this.customers.set(id, writes);
    return writes;
  }
}

export interface OrderWrite {
  requested: boolean;
  version: number;
}

function hashOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}

function brokenFor(
  id: string,
  { acknowledged, unknown }: CustomerWrites,
  now: CustomerDocument | undefined,
): Violation[] {
  const version = now?.version ?? 0;
  const found: Violation[] = [];
  const highest = acknowledged.reduce((most, one) => Math.max(most, one.version), 0);
  const lost = (text: string) => void found.push({ kind: 'lost', text: `customer ${id}: ${text}` });
  if (version < highest) lost(`version ${highest} was acknowledged, the store has ${version}`);
  const most = acknowledged.length + unknown;
  if (version > most) {
    found.push({
      kind: 'duplicated',
      text: `customer ${id}: ${most} writes at most, the store has version ${version}`,
    });
  }
  if (new Set(acknowledged.map((one) => one.version)).size !== acknowledged.length) {
    lost('one version was acknowledged twice');
  }
  const newest = acknowledged.find((one) => one.version === version);
  const email = now?.deleted ? null : now?.contact?.email;
  if (newest && newest.email !== email) lost(`${newest.email} was acknowledged, the store has ${email}`);
  return found;
}

function startsWith(events: readonly OrderStatusEvent[] = [], start: readonly OrderStatusEvent[]): boolean {
  return shown(events.slice(0, start.length)) === shown(start);
}

function shown(events: readonly OrderStatusEvent[] | undefined): string {
  return events === undefined
    ? 'nothing'
    : JSON.stringify(events.map(({ orderStatusType, timestamp }) => [orderStatusType, timestamp]));
}
