import { orderStatusChanges, type OrderStatusEvent, type OrderStatusType } from '@storefront/contracts';
import { randomUUID } from 'node:crypto';
import { eventually } from '../../../test/eventually';
import type { Answer } from '../../../test/http-client';
import { TopicTail } from '../../../test/topic-tail';
import { aRequest } from './a-request';
import { NeighbouringOrders } from './neighbouring-orders';
import { type RunningFulfillment, startFulfillment } from './running-fulfillment';

/** What tests of the service do all the time: ask as Orders, command as a client, listen to what is reported. */
export class Warehouse {
  private constructor(
    readonly service: RunningFulfillment,
    readonly topic: TopicTail,
    private readonly orders: NeighbouringOrders,
  ) {}

  static async open(): Promise<Warehouse> {
    const orders = await NeighbouringOrders.open();
    const service = await startFulfillment();
    return new Warehouse(service, await TopicTail.open(orderStatusChanges.name), orders);
  }

  /** The guids of so many orders whose fulfillments have arrived. */
  async requested(count: number): Promise<string[]> {
    const guids = Array.from({ length: count }, () => randomUUID());
    await this.orders.request(...guids.map((guid) => aRequest(guid)));
    for (const guid of guids) {
      await eventually(
        () => this.get(`/${guid}`),
        ({ status }) => status === 200,
      );
    }
    return guids;
  }

  async one(): Promise<string> {
    const [guid = ''] = await this.requested(1);
    return guid;
  }

  get(path: string): Promise<Answer> {
    return this.service.request('GET', `/fulfillments${path}`);
  }

  command(guid: string, name: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.service.request('POST', `/fulfillments/${guid}/${name}`, body, headers);
  }

  stored(guid: string): Promise<object | null> {
    return this.service.store.collection('fulfillment.requests').findOne({ _id: guid as never });
  }

  async close(): Promise<void> {
    await this.topic.close();
    await this.service.stop();
    await this.orders.close();
  }
}

export function eventsOf({ json }: Answer): OrderStatusEvent[] {
  return (json as { order: { orderStatusEvents: OrderStatusEvent[] } }).order.orderStatusEvents;
}

export function statusesOf(answer: Answer): OrderStatusType[] {
  return eventsOf(answer).map(({ orderStatusType }) => orderStatusType);
}
