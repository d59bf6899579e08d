import { OrderStatusType } from './order-status-type';

/** Where an order stands. Two statuses mean two things: APPROVED before and after the request to fulfill, ON_HOLD before approval and after processing. */
export type OrderStage =
  | 'NEW'
  | Exclude<OrderStatusType, 'ON_HOLD'>
  | 'FULFILLMENT_REQUESTED'
  | 'ON_HOLD_BEFORE_APPROVAL'
  | 'ON_HOLD_AFTER_PROCESSING';

/** A status an order may reach next, and the service that decides it. */
export interface Move {
  readonly to: OrderStatusType;
  readonly decidedBy: 'orders' | 'fulfillment';
}

const orders = (...statuses: OrderStatusType[]): Move[] => statuses.map((to) => ({ to, decidedBy: 'orders' }));
const fulfillment = (...statuses: OrderStatusType[]): Move[] =>
  statuses.map((to) => ({ to, decidedBy: 'fulfillment' }));

/** Every move an order may make; what is not here is refused. */
export const statusMachine: Readonly<Record<OrderStage, readonly Move[]>> = {
  NEW: orders('CREATED'),
  CREATED: orders('APPROVED', 'REJECTED', 'ON_HOLD', 'CANCELLED'),
  ON_HOLD_BEFORE_APPROVAL: orders('APPROVED', 'REJECTED', 'CANCELLED'),
  APPROVED: orders('CANCELLED'),
  FULFILLMENT_REQUESTED: fulfillment('PROCESSING', 'CANCELLED'),
  PROCESSING: fulfillment('SHIPPED', 'ON_HOLD', 'CANCELLED'),
  ON_HOLD_AFTER_PROCESSING: fulfillment('PROCESSING', 'CANCELLED'),
  SHIPPED: fulfillment('IN_TRANSIT'),
  IN_TRANSIT: fulfillment('RECEIVED'),
  RECEIVED: fulfillment('RETURNED'),
  REJECTED: [],
  CANCELLED: [],
  RETURNED: [],
};

/** Times that Fulfillment puts an order on hold at most: its history, of which PROCESSING and ON_HOLD alone can repeat, has an end. */
export const mostHolds = 50;
/** Statuses that the history of an order may have, whoever reports them: as many as an event of it may carry. */
export const mostStatuses = 4_000;

/** CREATED, ON_HOLD, APPROVED: no order makes more moves before its fulfillment is requested. */
const longestBeforeFulfillment = 3;

/** The moves an order with this history may make next. `history` is in the order in which the statuses were reached. */
export function allowedMoves(
  history: readonly { readonly orderStatusType: OrderStatusType }[],
  fulfillmentRequested: boolean,
): readonly Move[] {
  return statusMachine[
    stageOf(
      history.map((event) => event.orderStatusType),
      fulfillmentRequested,
    )
  ];
}

/**
 * Whether Fulfillment may still bring an order with this history to a status, now or after other moves. False for a status that
 * lies behind it, or that no way leads to.
 */
export function mayComeTo(
  status: OrderStatusType,
  history: readonly { readonly orderStatusType: OrderStatusType }[],
  fulfillmentRequested: boolean,
): boolean {
  const statuses = history.map(({ orderStatusType }) => orderStatusType);
  const seen = new Set<OrderStage>();
  const open = [{ statuses, requested: fulfillmentRequested }];
  for (let at = open.pop(); at; at = open.pop()) {
    const { statuses, requested } = at;
    const stage = stageOf(statuses, requested);
    if (seen.has(stage)) continue;
    seen.add(stage);
    const moves = statusMachine[stage];
    if (moves.some(({ to, decidedBy }) => to === status && decidedBy === 'fulfillment')) return true;
    for (const { to } of moves) open.push({ statuses: [...statuses, to], requested });
    if (stage === 'APPROVED') open.push({ statuses, requested: true });
  }
  return false;
}

/** Whether an order with this history may be asked to be fulfilled: from CREATED it has come to APPROVED, by moves that it may make. */
export function isFulfillable(history: readonly { readonly orderStatusType: OrderStatusType }[]): boolean {
  const isMove = ({ orderStatusType }: (typeof history)[number], index: number) =>
    allowedMoves(history.slice(0, index), false).some(({ to }) => to === orderStatusType);
  return (
    history.at(-1)?.orderStatusType === 'APPROVED' &&
    history.length <= longestBeforeFulfillment &&
    history.every(isMove)
  );
}

function stageOf(history: readonly OrderStatusType[], fulfillmentRequested: boolean): OrderStage {
  const status = history.at(-1);
  switch (status) {
    case undefined:
      return 'NEW';
    case 'APPROVED':
      return fulfillmentRequested ? 'FULFILLMENT_REQUESTED' : 'APPROVED';
    case 'ON_HOLD':
      return fulfillmentRequested || history.includes('PROCESSING')
        ? 'ON_HOLD_AFTER_PROCESSING'
        : 'ON_HOLD_BEFORE_APPROVAL';
    default:
      return status;
  }
}
