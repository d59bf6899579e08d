import {
  allowedMoves,
  type FulfillmentRequest,
  mayComeTo,
  mostStatuses,
  type Move,
  type OrderItem,
  type OrderStatusEvent,
  type OrderStatusType,
} from '@storefront/contracts';
import { type Customer, shippingAddressOf } from './customer';
import { FulfillmentAlreadyRequested } from './fulfillment-already-requested';
import { NoShippingAddress } from './no-shipping-address';
import { OrderMoveRefused } from './order-move-refused';
import type { OrderState } from './order-state';
import type { StatusReport, StatusReportResult } from './status-report';

/** When something was decided (epoch milliseconds) and what was said about it. */
export interface Moment {
  readonly at: number;
  readonly note?: string | null;
}

export type OrderCommand = 'approve' | 'reject' | 'hold' | 'cancel' | 'fulfill';

const commandTo: Readonly<Partial<Record<OrderStatusType, OrderCommand>>> = {
  APPROVED: 'approve',
  REJECTED: 'reject',
  ON_HOLD: 'hold',
  CANCELLED: 'cancel',
};

type AppliedReport = StatusReportResult & { readonly order: Order };

/** What a customer ordered and what became of it. An order never changes: every verb answers with the order as it is then, or refuses. */
export class Order {
  constructor(
    readonly guid: string,
    readonly state: OrderState,
    /** As loaded; 0 for an order that was never stored. */
    readonly version = 0,
    /** What Fulfillment is to hear as soon as this order is stored. */
    readonly fulfillmentRequest?: FulfillmentRequest,
  ) {}

  static place(guid: string, order: { customerId: string; items: readonly OrderItem[]; at: number }): Order {
    return new Order(guid, {
      customerId: order.customerId,
      placedAt: order.at,
      status: 'CREATED',
      orderStatusEvents: [{ timestamp: order.at, orderStatusType: 'CREATED', note: null }],
      orderItems: order.items,
      fulfillmentRequested: false,
      fulfillmentVersion: 0,
    });
  }

  approve(moment: Moment): Order {
    return this.decide('APPROVED', moment);
  }

  reject(moment: Moment): Order {
    return this.decide('REJECTED', moment);
  }

  hold(moment: Moment): Order {
    return this.decide('ON_HOLD', moment);
  }

  cancel(moment: Moment): Order {
    return this.decide('CANCELLED', moment);
  }

  /** The order may be sent to this customer's SHIPPING address. */
  requestFulfillment(customer: Customer, at: number): Order {
    if (this.state.fulfillmentRequested) throw new FulfillmentAlreadyRequested(this.guid, this.state.status);
    if (this.state.status !== 'APPROVED') throw this.refusal('FULFILLMENT_REQUESTED');
    const address = shippingAddressOf(customer);
    if (!address) throw new NoShippingAddress(customer.id);
    const { name, contact } = customer;
    const { orderStatusEvents } = this.state;
    const sentRequest = { timestamp: at, name, contact, address, orderStatusEvents };
    const requested = this.with({ ...this.state, fulfillmentRequested: true, sentRequest });
    return new Order(this.guid, requested.state, this.version, requested.requestAgain());
  }

  /** The request to Fulfillment as it was sent; undefined where none was, or nobody knows what was in it. */
  requestAgain(): FulfillmentRequest | undefined {
    const { sentRequest, orderItems } = this.state;
    if (!sentRequest) return undefined;
    const { timestamp, name, contact, address, orderStatusEvents } = sentRequest;
    const order = { guid: this.guid, orderStatusEvents: [...orderStatusEvents], orderItems: [...orderItems] };
    return { timestamp, name, contact, address, order };
  }

  /**
   * Returns the order with these status reports, oldest first, instead of those that it has from Fulfillment. The order is
   * returned unchanged when its status before the first report is unknown, or when one report may not follow its predecessor.
   */
  replaceReports(reports: readonly StatusReport[]): Order {
    const { sentRequest } = this.state;
    if (!sentRequest) return this;
    const { orderStatusEvents } = sentRequest;
    const status = orderStatusEvents.at(-1)?.orderStatusType ?? this.state.status;
    let order = new Order(this.guid, { ...this.state, status, orderStatusEvents, fulfillmentVersion: 0 }, this.version);
    for (const report of reports) {
      const applied = order.applyFulfillmentStatus(report);
      if (applied.outcome !== 'applied') return this;
      order = applied.order;
    }
    return order;
  }

  /** A report is in the order once, whatever is delivered again, and after those before it. */
  applyFulfillmentStatus(report: StatusReport): AppliedReport {
    if (this.state.orderStatusEvents.length >= mostStatuses && !this.has(report.event)) {
      return {
        outcome: 'impossible',
        reason: `the order has ${mostStatuses} statuses, the most that there may be`,
        order: this,
      };
    }
    if (report.version === undefined) return this.applyUnversioned(report.event);
    const { fulfillmentVersion } = this.state;
    if (report.version <= fulfillmentVersion) return { outcome: 'duplicate', order: this };
    if (report.previousVersion !== fulfillmentVersion) {
      const reason = `gap: version ${report.version} follows ${report.previousVersion}, the order has ${fulfillmentVersion}`;
      return { outcome: 'impossible', reason, order: this };
    }
    return this.applyVersioned(report.event, report.version);
  }

  /** A report of Fulfillment that was given up: up to this version there is nothing to wait for any more. */
  forgoFulfillmentStatus(version: number): Order {
    if (version <= this.state.fulfillmentVersion) return this;
    return this.with({ ...this.state, fulfillmentVersion: version });
  }

  /** The commands that would be accepted now. */
  possibleCommands(): OrderCommand[] {
    const decisions = this.movesOf('orders').flatMap((to) => commandTo[to] ?? []);
    const fulfillable = this.state.status === 'APPROVED' && !this.state.fulfillmentRequested;
    return fulfillable ? [...decisions, 'fulfill'] : decisions;
  }

  private decide(to: OrderStatusType, { at, note = null }: Moment): Order {
    if (!this.movesOf('orders').includes(to)) throw this.refusal(to);
    return this.reached({ timestamp: at, orderStatusType: to, note });
  }

  private applyVersioned(event: OrderStatusEvent, version: number): AppliedReport {
    const gateMoved = { ...this.state, fulfillmentVersion: version };
    // an unversioned report may have told this before: it counts once, and the gate moves on
    if (isSameEvent(this.state.orderStatusEvents.at(-1), event)) {
      return { outcome: 'applied', order: this.with(gateMoved) };
    }
    if (this.movesOf('fulfillment').includes(event.orderStatusType)) {
      return { outcome: 'applied', order: this.with(gateMoved).reached(event) };
    }
    if (this.has(event)) return { outcome: 'applied', order: this.with(gateMoved) };
    const reason = `illegal: ${this.state.status} may not become ${event.orderStatusType} by Fulfillment`;
    return { outcome: 'impossible', reason, order: this };
  }

  private applyUnversioned(event: OrderStatusEvent): AppliedReport {
    if (this.has(event)) return { outcome: 'ignored', order: this };
    const { orderStatusType: to } = event;
    if (this.movesOf('fulfillment').includes(to)) return { outcome: 'applied', order: this.reached(event) };
    const { status, orderStatusEvents, fulfillmentRequested } = this.state;
    // an original Fulfillment that was asked twice reports every status twice
    const isBehind = to === status || !mayComeTo(to, orderStatusEvents, fulfillmentRequested);
    if (isBehind) return { outcome: 'ignored', order: this };
    return { outcome: 'early', reason: `early: the order is ${status}, and may become ${to} later`, order: this };
  }

  private reached(event: OrderStatusEvent): Order {
    const orderStatusEvents = [...this.state.orderStatusEvents, event];
    return this.with({ ...this.state, status: event.orderStatusType, orderStatusEvents });
  }

  private with(state: OrderState): Order {
    return new Order(this.guid, state, this.version, this.fulfillmentRequest);
  }

  private has(event: OrderStatusEvent): boolean {
    return this.state.orderStatusEvents.some((known) => isSameEvent(known, event));
  }

  private movesOf(decider: Move['decidedBy']): OrderStatusType[] {
    const { orderStatusEvents, fulfillmentRequested } = this.state;
    const moves = allowedMoves(orderStatusEvents, fulfillmentRequested);
    return moves.filter((move) => move.decidedBy === decider).map((move) => move.to);
  }

  private refusal(to: OrderStatusType | 'FULFILLMENT_REQUESTED'): OrderMoveRefused {
    const fulfillmentDecides = this.movesOf('fulfillment').length > 0;
    const allowed = this.movesOf('orders');
    return new OrderMoveRefused(this.guid, { from: this.state.status, to, allowed, fulfillmentDecides });
  }
}

function isSameEvent(known: OrderStatusEvent | undefined, event: OrderStatusEvent): boolean {
  return known?.timestamp === event.timestamp && known.orderStatusType === event.orderStatusType;
}
