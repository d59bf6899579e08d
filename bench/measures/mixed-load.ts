import { orderBody } from '../../test/system/bodies';
import { expecting } from '../load/http';
import type { Rig } from '../rig/rig';
import { hasCaughtUp } from './copies';
import { idOf, register } from './customers';
import { senders } from './requests';

const CUSTOMERS = 500;
/** So many that an order rests for twenty seconds between two steps: what one service did has reached the next one. */
const ORDERS_ON_THEIR_WAY = 240;
const CATCH_UP_MS = 30_000;

/** Over and over: a customer of ten requests, an order of twenty, and as many steps as orders need that do not pile up. */
const half = ['item', 'step', 'patch', 'item', 'customer', 'step', 'item', 'patch', 'step'] as const;
const round = [...half, 'page', ...half, 'order'] as const;

/** An order's way, each step at the service that decides it. */
const steps = [
  { path: 'orders/orders', command: 'approve' },
  { path: 'orders/orders', command: 'fulfill' },
  { path: 'fulfillment/fulfillments', command: 'process' },
  { path: 'fulfillment/fulfillments', command: 'ship', body: { shippingMethod: 'UPS' } },
  { path: 'fulfillment/fulfillments', command: 'in-transit' },
  { path: 'fulfillment/fulfillments', command: 'receive' },
] as const;

/** Everything that customers and clerks do, through the gateway; returns who sends the n-th request. */
export async function mixedLoad({ storefront, system }: Rig): Promise<(n: number) => Promise<unknown>> {
  const url = system.urls.gateway;
  const accounts = { ...storefront, url: `${url}/accounts` };
  const ids = await register(accounts, CUSTOMERS);
  if (!(await hasCaughtUp(storefront, CATCH_UP_MS))) throw new Error('The customers did not reach Orders.');
  const orders = new OrdersOnTheirWay(url, ids);
  for (let n = 0; n < ORDERS_ON_THEIR_WAY; n++) await orders.place(n);
  const requests = {
    customer: inTurn(senders['POST customer'](accounts)),
    patch: inTurn(senders['PATCH customer'](accounts, ids)),
    item: inTurn(senders['GET item'](accounts, ids)),
    page: inTurn(senders['GET page of 20'](accounts, ids)),
    order: inTurn((n) => orders.place(n)),
    step: inTurn(() => orders.step()),
  };
  return (n) => requests[round[n % round.length] ?? 'item']();
}

class OrdersOnTheirWay {
  private readonly waiting: { readonly guid: string; done: number }[] = [];

  constructor(
    private readonly url: string,
    private readonly customers: readonly string[],
  ) {}

  async place(n: number): Promise<void> {
    const customer = this.customers[n % this.customers.length];
    const url = `${this.url}/orders/customers/${customer}/orders`;
    const placed = await expecting(201, 'POST', url, JSON.stringify(orderBody));
    this.waiting.push({ guid: idOf(placed), done: 0 });
  }

  /** Of the order that has waited longest. */
  async step(): Promise<void> {
    const order = this.waiting.shift();
    const step = steps[order?.done ?? 0];
    if (!order || !step) throw new Error('No order waits for a step.');
    const body = 'body' in step ? JSON.stringify(step.body) : undefined;
    await expecting(200, 'POST', `${this.url}/${step.path}/${order.guid}/${step.command}`, body);
    order.done++;
    if (order.done < steps.length) this.waiting.push(order);
  }
}

/** Each kind of request counts for itself. */
function inTurn(send: (n: number) => Promise<unknown>): () => Promise<unknown> {
  let n = 0;
  return () => send(n++);
}
