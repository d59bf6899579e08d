import type { OrderStatusType } from '@storefront/contracts';
import { anOrder } from '../../test/an-order';
import { Order } from '../domain/order';
import type { AbsentOrder, Orders } from '../domain/orders';
import { ApplyStatusChanges, type StatusChange } from './apply-status-changes';

const requested = anOrder(['CREATED', 'APPROVED'], { fulfillmentRequested: true });

/** Decides as a store would: over what it has, and again for every order that others changed meanwhile. */
class OrdersInMemory {
  readonly written = new Map<string, Order>();
  loads = 0;

  constructor(
    private readonly orders: Record<string, Order | 'deleted'>,
    private readonly changedMeanwhile: Record<string, Order> = {},
  ) {}

  async changeMany(guids: readonly string[], decide: Parameters<Orders['changeMany']>[1]): Promise<void> {
    this.loads++;
    for (const guid of guids) {
      const first = decide(this.present(guid));
      const conflict = this.changedMeanwhile[guid];
      const order = conflict ? decide(conflict) : first;
      if (order) this.written.set(guid, order);
    }
  }

  private present(guid: string): Order | AbsentOrder {
    const order = this.orders[guid];
    return order instanceof Order ? order : { guid, absent: order ?? 'unknown' };
  }
}

function order(guid: string, from = requested): Order {
  return new Order(guid, from.state, from.version);
}

function change(guid: string, status: OrderStatusType, version: number, previousVersion = version - 1): StatusChange {
  return { guid, version, previousVersion, event: { timestamp: 9000 + version, orderStatusType: status, note: null } };
}

async function outcomesOf(orders: OrdersInMemory, ...changes: StatusChange[]): Promise<string[]> {
  const results = await new ApplyStatusChanges(orders as unknown as Orders).execute(changes);
  return results.map((result) => (result.outcome === 'impossible' ? result.reason : result.outcome));
}

function statusesOf(orders: OrdersInMemory): Record<string, string> {
  return Object.fromEntries([...orders.written].map(([guid, { state }]) => [guid, state.status]));
}

describe('a batch of status changes', () => {
  it('is one load and one write, in order for each order', async () => {
    const orders = new OrdersInMemory({ a: order('a'), b: order('b') });
    const outcomes = await outcomesOf(
      orders,
      change('a', 'PROCESSING', 1),
      change('b', 'PROCESSING', 1),
      change('a', 'SHIPPED', 2),
      change('b', 'CANCELLED', 2),
      change('a', 'IN_TRANSIT', 3),
    );
    expect(outcomes).toEqual(Array(5).fill('applied'));
    expect(statusesOf(orders)).toEqual({ a: 'IN_TRANSIT', b: 'CANCELLED' });
    expect(orders.loads).toBe(1);
  });

  it('makes what follows an impossible change wait, for this order only', async () => {
    const orders = new OrdersInMemory({ a: order('a'), b: order('b') });
    const outcomes = await outcomesOf(
      orders,
      change('a', 'PROCESSING', 1),
      change('a', 'IN_TRANSIT', 3),
      change('b', 'PROCESSING', 1),
      change('a', 'SHIPPED', 2),
      change('a', 'PROCESSING', 1),
    );
    expect(outcomes).toEqual([
      'applied',
      'gap: version 3 follows 2, the order has 1',
      'applied',
      'behind another: gap: version 3 follows 2, the order has 1',
      'duplicate',
    ]);
    expect(statusesOf(orders)).toEqual({ a: 'PROCESSING', b: 'PROCESSING' });
  });

  it('waits for an order that is unknown, and forgets one that was deleted', async () => {
    const orders = new OrdersInMemory({ gone: 'deleted' });
    const outcomes = await outcomesOf(
      orders,
      change('new', 'PROCESSING', 1),
      change('gone', 'PROCESSING', 1),
      change('gone', 'SHIPPED', 2),
      change('new', 'SHIPPED', 2),
    );
    expect(outcomes).toEqual(['unknown order', 'ignored', 'ignored', 'behind another: unknown order']);
    expect(orders.written.size).toBe(0);
  });

  it('writes nothing for an order that has it all', async () => {
    const done = order(
      'a',
      anOrder(['CREATED', 'APPROVED', 'PROCESSING'], { fulfillmentRequested: true, fulfillmentVersion: 4 }),
    );
    const orders = new OrdersInMemory({ a: done });
    expect(await outcomesOf(orders, change('a', 'PROCESSING', 4), change('a', 'PROCESSING', 3))).toEqual([
      'duplicate',
      'duplicate',
    ]);
    expect(orders.written.size).toBe(0);
  });

  it('answers with the decision that was written, when another instance was faster', async () => {
    const applied = order('a').applyFulfillmentStatus(change('a', 'PROCESSING', 1)).order;
    const orders = new OrdersInMemory({ a: order('a') }, { a: applied });
    expect(await outcomesOf(orders, change('a', 'PROCESSING', 1), change('a', 'SHIPPED', 2))).toEqual([
      'duplicate',
      'applied',
    ]);
    expect(orders.written.get('a')?.state.orderStatusEvents).toHaveLength(4);
  });
});
