import { allowedMoves, type OrderStatusEvent } from '@storefront/contracts';
import { byId, type Stores } from '../system/stores';
import type { Ledger } from './ledger';
import type { Violation } from './violation';

/**
 * Effects that happened twice or in a wrong order, counted in the documents themselves and not by what services say of
 * themselves: fulfillments an order, reports in a history, orders a customer.
 */
export async function wrongEffects(stores: Stores, ledger: Ledger): Promise<Violation[]> {
  const [orders, fulfillments] = await Promise.all([byId(stores.orders), byId(stores.fulfillments)]);
  const found: Violation[] = [];
  const ofOrder = Map.groupBy(fulfillments.values(), ({ order }) => order?.guid ?? 'none');
  for (const [guid, all] of ofOrder) {
    if (all.length > 1) found.push({ kind: 'duplicated', text: `order ${guid} has ${all.length} fulfillments` });
  }
  for (const [guid, { orderStatusEvents = [] }] of orders)
    found.push(...historyFaults(`order ${guid}`, orderStatusEvents));
  for (const [guid, { order }] of fulfillments) {
    found.push(...historyFaults(`fulfillment ${guid}`, order?.orderStatusEvents ?? []));
  }
  const ofCustomer = Map.groupBy(orders.values(), ({ customerId = '' }) => customerId);
  for (const [id, { acknowledged, unknown }] of ledger.placements) {
    const count = ofCustomer.get(id)?.length ?? 0;
    const between = `${acknowledged} to ${acknowledged + unknown} orders`;
    if (count > acknowledged + unknown)
      found.push({ kind: 'duplicated', text: `customer ${id}: ${count}, not ${between}` });
    if (count < acknowledged) found.push({ kind: 'lost', text: `customer ${id}: ${count}, not ${between}` });
  }
  return found;
}

/** No report twice, and every one allowed after the one before it. */
function historyFaults(of: string, history: readonly OrderStatusEvent[]): Violation[] {
  const found: Violation[] = [];
  const seen = new Set<string>();
  for (const [index, { orderStatusType, timestamp }] of history.entries()) {
    const report = `${orderStatusType} of ${timestamp}`;
    if (seen.has(report)) found.push({ kind: 'duplicated', text: `${of} has ${report} twice` });
    seen.add(report);
    const before = history.slice(0, index);
    const moves = [...allowedMoves(before, false), ...allowedMoves(before, true)];
    if (!moves.some(({ to }) => to === orderStatusType)) {
      found.push({ kind: 'order', text: `${of} went from ${before.at(-1)?.orderStatusType} to ${orderStatusType}` });
    }
  }
  return found;
}
