import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Customers } from '../domain/customers';
import { Order } from '../domain/order';
import { itemsFromCatalogue, type OrderedItem } from '../domain/ordered-items';
import { Orders } from '../domain/orders';

export interface PlaceOrderCommand {
  readonly customerId: string;
  readonly items: readonly OrderedItem[];
}

@Injectable()
export class PlaceOrder {
  constructor(
    private readonly customers: Customers,
    private readonly orders: Orders,
  ) {}

  async execute({ customerId, items }: PlaceOrderCommand): Promise<Order> {
    const customer = await this.customers.get(customerId);
    const order = { customerId: customer.id, items: itemsFromCatalogue(items), at: Date.now() };
    return this.orders.add(Order.place(randomUUID(), order));
  }
}
