import { randomUUID } from 'node:crypto';
import type { OrderItem, OrderStatusEvent, OrderStatusType } from '@storefront/contracts';
import type { Customer } from '../src/domain/customer';
import { Customers } from '../src/domain/customers';
import { aCustomer } from './an-order';
import type { Answer } from '../../../test/http-client';
import type { RunningOrders } from './running-orders';

export const blue = 'b5efd4a0-4eb9-4ad0-bc9e-2f5542cbe897';
export const white = 'c8810c1d-b0ea-486b-acfa-7724bb70f5e6';

/** An order as a client sees it. */
export interface OrderBody {
  guid: string;
  customerId: string;
  status: OrderStatusType;
  orderStatusEvents: OrderStatusEvent[];
  orderItems: OrderItem[];
  fulfillmentRequested: boolean;
  _links: Record<string, { href: string }>;
}

const origin = { topic: 'accounts.customer.change', partition: 0, offset: '0', timestamp: 0 };

/** The order in an answer. */
export function orderOf({ json }: Answer): OrderBody {
  return json as OrderBody;
}

/** What tests of the service do all the time; customers come without Kafka. */
export class Shop {
  constructor(private readonly service: RunningOrders) {}

  async customer(more: Partial<Customer> = {}): Promise<string> {
    const id = more.id ?? `c-${randomUUID()}`;
    await this.service.app.get(Customers).replicate([{ id, version: 1, customer: aCustomer({ ...more, id }), origin }]);
    return id;
  }

  async deleteCustomer(id: string): Promise<void> {
    await this.service.app.get(Customers).replicate([{ id, version: 2, customer: null, origin }]);
  }

  async restoreCustomer(id: string): Promise<void> {
    await this.service.app.get(Customers).replicate([{ id, version: 3, customer: aCustomer({ id }), origin }]);
  }

  place(customerId: string, items: unknown = [{ product: blue, quantity: 2 }]): Promise<Answer> {
    return this.service.request('POST', `/customers/${customerId}/orders`, { items });
  }

  /** The guid of a new order after these commands, of a new customer unless one is given. */
  async placed(commands: readonly string[] = [], customerId?: string): Promise<string> {
    const { guid } = orderOf(await this.place(customerId ?? (await this.customer())));
    for (const command of commands) {
      const { status, text } = await this.command(guid, command);
      if (status !== 200) throw new Error(`${command} answered ${status}: ${text}`);
    }
    return guid;
  }

  order(guid: string): Promise<Answer> {
    return this.service.request('GET', `/orders/${guid}`);
  }

  command(guid: string, command: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.service.request('POST', `/orders/${guid}/${command}`, body, headers);
  }
}
