import { AggregateId, eventList, OrderItem, OrderStatusEvent, type OrderStatusType } from '@storefront/contracts';
import { z } from 'zod';

/** The originals store prices as text. */
const price = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^-?\d+(\.\d+)?$/, 'a price is expected')
      .transform(Number),
  ])
  .nullable()
  .default(null);
const OldItem = OrderItem.extend({ product: OrderItem.shape.product.extend({ price }) });

const OldOrder = z.object({
  guid: AggregateId,
  orderStatusEvents: eventList(OrderStatusEvent).min(1),
  orderItems: eventList(OldItem).min(1),
});

/** An order as Orders keeps it; its guid is the id of its document. */
export interface MigratedOrder {
  readonly guid: string;
  readonly state: {
    readonly customerId: string;
    readonly placedAt: number;
    readonly status: OrderStatusType;
    readonly orderStatusEvents: readonly OrderStatusEvent[];
    readonly orderItems: readonly OrderItem[];
    readonly fulfillmentRequested: boolean;
    readonly fulfillmentVersion: 0;
  };
}

export interface Refused {
  readonly customerId: string;
  /** Where it is known. */
  readonly guid: string | undefined;
  readonly why: string;
}

/** Orders decides no more about an order that has been in one of these. */
const ofFulfillment: ReadonlySet<OrderStatusType> = new Set([
  'PROCESSING',
  'SHIPPED',
  'IN_TRANSIT',
  'RECEIVED',
  'RETURNED',
]);

/**
 * The orders inside one document of the original's collection `customer.orders`, and those that cannot be taken, each with the
 * field that is wrong.
 */
export function oldOrdersOf(customerId: string, orders: unknown): { orders: MigratedOrder[]; refused: Refused[] } {
  const found = { orders: [] as MigratedOrder[], refused: [] as Refused[] };
  if (orders === undefined || orders === null) return found;
  if (!Array.isArray(orders)) {
    found.refused.push({ customerId, guid: undefined, why: 'orders: a list is expected' });
    return found;
  }
  for (const [index, each] of orders.entries()) {
    const parsed = OldOrder.safeParse(each);
    if (parsed.success) found.orders.push(migrated(customerId, parsed.data));
    else {
      const [issue] = parsed.error.issues;
      const why = `orders.${[index, ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'it cannot be read'}`;
      found.refused.push({ customerId, guid: guidOf(each), why });
    }
  }
  return found;
}

function migrated(
  customerId: string,
  { guid, orderStatusEvents, orderItems }: z.infer<typeof OldOrder>,
): MigratedOrder {
  const status = orderStatusEvents.at(-1)?.orderStatusType ?? 'CREATED';
  return {
    guid,
    state: {
      customerId,
      placedAt: orderStatusEvents[0]?.timestamp ?? 0,
      status,
      orderStatusEvents,
      orderItems,
      fulfillmentRequested: orderStatusEvents.some(({ orderStatusType }) => ofFulfillment.has(orderStatusType)),
      fulfillmentVersion: 0,
    },
  };
}

function guidOf(order: unknown): string | undefined {
  const guid = z.object({ guid: AggregateId }).safeParse(order);
  return guid.success ? guid.data.guid : undefined;
}
