import type { OrderStatusEvent } from '@storefront/contracts';
import { firstAppearances, type TopicRecord, versionOf } from '../system/topics';
import { byId, type CustomerDocument, type Stores } from '../system/stores';

interface CustomerWrites {
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

/** What the services have promised by their 2xx, to be held against their stores and topics afterwards. */
export class Ledger {
  readonly customers = new Map<string, CustomerWrites>();
  readonly orders = new Map<string, OrderWrites>();
  /** Answers that no fault explains. */
  readonly surprises: string[] = [];
  /** What was said instead of an answer. */
  readonly unanswered: string[] = [];
  acknowledged = 0;
  refused = 0;

  customerWritten(id: string, version: number, email: string | null): void {
    this.customer(id).acknowledged.push({ version, email });
    this.acknowledged++;
  }

  customerUnknown(id: string): void {
    this.customer(id).unknown++;
  }

  orderWritten(guid: string, history: OrderStatusEvent[], requested: boolean): void {
    const order = this.orders.get(guid) ?? { history: [], requested: false };
    if (history.length > order.history.length) order.history = history;
    order.requested ||= requested;
    this.orders.set(guid, order);
    this.acknowledged++;
  }

  /** Promises that were not kept, one line each. */
  async broken(stores: Stores): Promise<string[]> {
    const [customers, orders, fulfillments] = await Promise.all([
      byId(stores.customers),
      byId(stores.orders),
      byId(stores.fulfillments),
    ]);
    const found = [...this.customers].flatMap(([id, writes]) => brokenFor(id, writes, customers.get(id)));
    for (const [guid, { history, requested }] of this.orders) {
      const now = orders.get(guid);
      const fulfillment = fulfillments.get(guid)?.order?.orderStatusEvents;
      const isKept = [now?.orderStatusEvents, ...(requested ? [fulfillment] : [])].every((events) =>
        startsWith(events, history),
      );
      if (!isKept)
        found.push(
          `order ${guid}: ${shown(history)} was acknowledged, orders has ${shown(now?.orderStatusEvents)}, fulfillment ${shown(fulfillment)}`,
        );
      if (requested && now?.fulfillmentRequested !== true) found.push(`order ${guid}: its fulfill was acknowledged`);
    }
    return found;
  }

  /** Every version of a customer is on the topic, first appearances in order, with what was acknowledged for it. */
  missingFrom(records: readonly TopicRecord[], customers: ReadonlyMap<string, CustomerDocument>): string[] {
    const byKey = firstAppearances(records);
    return [...this.customers].flatMap(([id, { acknowledged }]) => {
      const versions = byKey.get(id) ?? [];
      const last = customers.get(id)?.version ?? 0;
      const faults: string[] = [];
      const told = versions.map(versionOf);
      const all = Array.from({ length: last }, (_, index) => index + 1);
      if (told.join() !== all.join()) faults.push(`customer ${id} has version ${last}, the topic told ${told.join()}`);
      for (const { version, email } of acknowledged) {
        const record = versions.find((one) => versionOf(one) === version);
        if (record && emailIn(record) !== email) {
          faults.push(`customer ${id}: version ${version} was ${email}, the topic says ${emailIn(record)}`);
        }
      }
      return faults;
    });
  }

  private customer(id: string): CustomerWrites {
    const writes = this.customers.get(id) ?? { acknowledged: [], unknown: 0 };
    this.customers.set(id, writes);
    return writes;
  }
}

function brokenFor(id: string, { acknowledged, unknown }: CustomerWrites, now: CustomerDocument | undefined): string[] {
  const version = now?.version ?? 0;
  const faults: string[] = [];
  const highest = acknowledged.reduce((most, one) => Math.max(most, one.version), 0);
  if (version < highest) faults.push(`customer ${id}: version ${highest} was acknowledged, the store has ${version}`);
  const most = acknowledged.length + unknown;
  if (version > most) faults.push(`customer ${id}: at most ${most} writes, the store has version ${version}`);
  if (new Set(acknowledged.map((one) => one.version)).size !== acknowledged.length) {
    faults.push(`customer ${id}: one version was acknowledged twice`);
  }
  const newest = acknowledged.find((one) => one.version === version);
  const email = now?.deleted ? null : now?.contact?.email;
  if (newest && newest.email !== email)
    faults.push(`customer ${id}: ${newest.email} was acknowledged, the store has ${email}`);
  return faults;
}

function emailIn({ value }: TopicRecord): string | null {
  if (value === null) return null;
  return (JSON.parse(value.toString()) as { contact: { email: string } }).contact.email;
}

function startsWith(events: readonly OrderStatusEvent[] = [], start: readonly OrderStatusEvent[]): boolean {
  return shown(events.slice(0, start.length)) === shown(start);
}

function shown(events: readonly OrderStatusEvent[] | undefined): string {
  return events === undefined
    ? 'nothing'
    : JSON.stringify(events.map(({ orderStatusType, timestamp }) => [orderStatusType, timestamp]));
}
