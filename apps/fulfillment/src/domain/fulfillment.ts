import {
  type Address,
  allowedMoves,
  type Contact,
  type FulfillmentRequest,
  mostHolds,
  type Name,
  type OrderStatusEvent,
  type OrderStatusType,
  type ShippingMethod,
} from '@storefront/contracts';
import { FulfillmentReadOnly } from './fulfillment-read-only';
import { MoveNotAllowed } from './move-not-allowed';

/** What is to be delivered, to whom, and what happened so far. An original service may have left any of it empty. */
export interface FulfillmentDetails {
  readonly timestamp: number | null;
  readonly name: Name | null;
  readonly contact: Contact | null;
  readonly address: Address | null;
  readonly order: FulfillmentRequest['order'] | null;
  readonly shippingMethod: ShippingMethod | null;
}

/** When something was done (epoch ms), and what there is to say about it. */
export interface Occasion {
  readonly at: number;
  readonly note: string | null;
}

export type FulfillmentCommand = 'process' | 'ship' | 'in-transit' | 'receive' | 'return' | 'hold' | 'cancel';

const commandTo: Readonly<Partial<Record<OrderStatusType, FulfillmentCommand>>> = {
  PROCESSING: 'process',
  SHIPPED: 'ship',
  IN_TRANSIT: 'in-transit',
  RECEIVED: 'receive',
  RETURNED: 'return',
  ON_HOLD: 'hold',
  CANCELLED: 'cancel',
};

/**
 * How it was asked for. `again`: Orders is about to ask for it again, and is right about what it asked for. `elsewhere`: by a
 * program whose orders are not in Orders; an operator has accepted that.
 */
export type Asked = 'once' | 'again' | 'elsewhere';

/** An order on its way to the customer. Its id is the order's guid, so that a request that comes again finds it. */
export class Fulfillment {
  constructor(
    readonly id: string,
    readonly version: number,
    readonly details: FulfillmentDetails,
    readonly asked: Asked = 'once',
  ) {}

  /** What an order becomes here, with the history it comes with. */
  static accept(request: FulfillmentRequest): Fulfillment {
    const { timestamp, name, contact, address, order } = request;
    return new Fulfillment(order.guid, 0, { timestamp, name, contact, address, order, shippingMethod: null });
  }

  get history(): readonly OrderStatusEvent[] {
    return this.details.order?.orderStatusEvents ?? [];
  }

  get status(): OrderStatusType | undefined {
    return this.history.at(-1)?.orderStatusType;
  }

  /** What Orders had decided when it asked: up to the approval, which nobody here decides. */
  get historyBefore(): readonly OrderStatusEvent[] {
    return this.history.slice(0, this.history.findLastIndex(isApproval) + 1);
  }

  /** What was reached here. */
  get historyHere(): readonly OrderStatusEvent[] {
    return this.history.slice(this.historyBefore.length);
  }

  /** Whether it is of an order by whose guid it is kept; those of an original service are not. */
  get isOfOurs(): boolean {
    return this.details.order?.guid === this.id;
  }

  /** What Orders had asked for was lost or changed here. Once the carrier has it, it stays what was sent. */
  awaitRequest(): Fulfillment {
    const isSent = this.history.some(({ orderStatusType }) => orderStatusType === 'SHIPPED');
    return isSent || !this.isOfOurs ? this : new Fulfillment(this.id, this.version, this.details, 'again');
  }

  get awaitsRequest(): boolean {
    return this.asked === 'again';
  }

  /** No order is expected for it in Orders, and nothing of it is compared. */
  adopt(): Fulfillment {
    return !this.isOfOurs || this.asked === 'elsewhere'
      ? this
      : new Fulfillment(this.id, this.version, this.details, 'elsewhere');
  }

  /** The request takes the place of what was kept of it, what happened since stays. Only of one that awaits it. */
  takeAgain(request: FulfillmentRequest): Fulfillment {
    if (!this.awaitsRequest) return this;
    const { details } = Fulfillment.accept(request);
    const orderStatusEvents = [...request.order.orderStatusEvents, ...this.historyHere];
    const { shippingMethod } = this.details;
    const order = { ...request.order, orderStatusEvents };
    return new Fulfillment(this.id, this.version, { ...details, order, shippingMethod });
  }

  /** The order is being packed, for the first time or after a hold. */
  process(occasion: Occasion): Fulfillment {
    return this.reach('PROCESSING', occasion);
  }

  /** It was handed to the carrier. */
  ship(shippingMethod: ShippingMethod, occasion: Occasion): Fulfillment {
    return this.reach('SHIPPED', occasion, { shippingMethod });
  }

  moveInTransit(occasion: Occasion): Fulfillment {
    return this.reach('IN_TRANSIT', occasion);
  }

  /** The customer has it. */
  receive(occasion: Occasion): Fulfillment {
    return this.reach('RECEIVED', occasion);
  }

  /** The customer has sent it back. */
  return(occasion: Occasion): Fulfillment {
    return this.reach('RETURNED', occasion);
  }

  /** Something is missing. An order is put on hold 50 times at most. */
  hold(occasion: Occasion): Fulfillment {
    return this.reach('ON_HOLD', occasion);
  }

  /** It will not be delivered. */
  cancel(occasion: Occasion): Fulfillment {
    return this.reach('CANCELLED', occasion);
  }

  mayReach(status: OrderStatusType): boolean {
    return this.isOfOurs && this.nextStatuses().includes(status);
  }

  /** The commands that would be accepted now. */
  possibleCommands(): FulfillmentCommand[] {
    return this.isOfOurs ? this.nextStatuses().flatMap((status) => commandTo[status] ?? []) : [];
  }

  toJSON(): object {
    return { id: this.id, ...this.details };
  }

  private reach(to: OrderStatusType, { at, note }: Occasion, also: Partial<FulfillmentDetails> = {}): Fulfillment {
    const { order } = this.details;
    if (order?.guid !== this.id) throw new FulfillmentReadOnly(this.id);
    if (!this.mayReach(to)) {
      const reason =
        to === 'ON_HOLD' && this.wasHeldOften
          ? `it was on hold ${mostHolds} times, the most that there may be`
          : undefined;
      throw new MoveNotAllowed(this.status, to, { allowed: this.nextStatuses(), reason });
    }
    const orderStatusEvents = [...order.orderStatusEvents, { timestamp: at, orderStatusType: to, note }];
    const details = { ...this.details, ...also, order: { ...order, orderStatusEvents } };
    return new Fulfillment(this.id, this.version, details, this.asked);
  }

  private get wasHeldOften(): boolean {
    return this.history.filter(({ orderStatusType }) => orderStatusType === 'ON_HOLD').length >= mostHolds;
  }

  private nextStatuses(): OrderStatusType[] {
    return allowedMoves(this.history, true)
      .filter(({ to, decidedBy }) => decidedBy === 'fulfillment' && !(to === 'ON_HOLD' && this.wasHeldOften))
      .map((move) => move.to);
  }
}

function isApproval({ orderStatusType }: OrderStatusEvent): boolean {
  return orderStatusType === 'APPROVED';
}
