import { Injectable } from '@nestjs/common';
import { Customers } from '../domain/customers';
import type { KeyedRequest } from '../domain/keyed-request';
import { Order } from '../domain/order';
import { itemsFromCatalogue, type OrderedItem } from '../domain/ordered-items';
import { Orders } from '../domain/orders';

export interface PlaceOrderCommand {
  readonly customerId: string;
  readonly items: readonly OrderedItem[];
  readonly request?: KeyedRequest;
}

@Injectable()
export class PlaceOrder {
  constructor(
    private readonly customers: Customers,
    private readonly orders: Orders,
  ) {}

  async execute({ customerId, items, request }: PlaceOrderCommand): Promise<Order> {
    const guid = this.orders.nextGuid(request);
    // customer and catalogue may be others now
    const before = request && (await this.orders.answered(guid, request));
    if (before) return before;
    const customer = await this.customers.get(customerId);
    const order = { customerId: customer.id, items: itemsFromCatalogue(items), at: Date.now() };
    return this.orders.add(Order.place(guid, order), request);
  }
}
