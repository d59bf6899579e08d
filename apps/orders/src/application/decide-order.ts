import { Injectable } from '@nestjs/common';
import type { Precondition } from '@storefront/contracts';
import type { KeyedRequest } from '../domain/keyed-request';
import type { Order, OrderCommand } from '../domain/order';
import { Orders } from '../domain/orders';

export interface DecideOrderCommand {
  readonly guid: string;
  readonly decision: Exclude<OrderCommand, 'fulfill'>;
  readonly note?: string | null;
  /** The decision is made about this version of the order or not at all. */
  readonly precondition?: Precondition;
  readonly request?: KeyedRequest;
}

/** Approves, rejects, holds or cancels an order. */
@Injectable()
export class DecideOrder {
  constructor(private readonly orders: Orders) {}

  execute({ guid, decision, note, precondition, request }: DecideOrderCommand): Promise<Order> {
    const moment = { at: Date.now(), note };
    return this.orders.change(guid, (order) => order[decision](moment), precondition, request);
  }
}
