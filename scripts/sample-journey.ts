import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from './command-line';
import type { Address, Contact, Name, OrderStatusEvent, OrderStatusType } from '@storefront/contracts';

interface Customer {
  readonly id: string;
  readonly name: Name;
  readonly contact: Contact;
  readonly addresses: readonly Address[];
}

export interface SampleOrder {
  readonly guid: string;
  readonly orderStatusEvents: readonly OrderStatusEvent[];
}

export type CustomerWithOrders = Customer & { readonly orders: readonly SampleOrder[] };

export interface JourneyOptions {
  /** The gateway. */
  readonly url: string;
  readonly say: (line: string) => void;
  /** How long each event may take to arrive, ms. Default 60,000. */
  readonly patienceMs?: number;
}

const FULFILLMENT_STEPS: readonly { path: string; status: OrderStatusType }[] = [
  { path: 'process', status: 'PROCESSING' },
  { path: 'ship', status: 'SHIPPED' },
  { path: 'in-transit', status: 'IN_TRANSIT' },
  { path: 'receive', status: 'RECEIVED' },
];

/**
 * What the original's script does over the gateway, but waiting for each event to arrive instead of sleeping: sample
 * customers, orders, fulfillment, and every status back in Orders. Throws where a call fails or an event does not arrive.
 */
export async function sampleJourney({ url, say, patienceMs = 60_000 }: JourneyOptions): Promise<CustomerWithOrders[]> {
  const wait = (what: string, arrived: () => Promise<boolean>) => until(what, arrived, patienceMs);
  const step = async (path: string) => say(`  ${(await call(`${url}${path}`)).trim()}`);

  await step('/accounts/customers/sample');
  const customers = await customersOf(url);
  await wait('the customers to reach Orders', async () => sameCustomers(customers, await ordersOf(url)));
  say(`  ${customers.length} customers have reached Orders`);

  await step('/orders/customers/sample/orders');
  const approved = guidsToFulfill(await ordersOf(url));
  await step('/orders/customers/sample/fulfill');
  await wait('the requests to reach Fulfillment', async () => {
    const known = await fulfillmentsOf(url);
    return approved.every((guid) => known.has(guid));
  });
  say(`  ${approved.length} orders have reached Fulfillment`);

  for (const { path, status } of FULFILLMENT_STEPS) {
    await step(`/fulfillment/fulfillments/sample/${path}`);
    await wait(`${status} to reach Orders`, async () => {
      const statuses = new Map(
        (await ordersOf(url)).flatMap(({ orders }) => orders.map((one) => [one.guid, statusOf(one)])),
      );
      return approved.every((guid) => statuses.get(guid) === status);
    });
    say(`  ${status} has reached Orders`);
  }
  return ordersOf(url);
}

export async function ordersOf(url: string): Promise<CustomerWithOrders[]> {
  const { customers } = JSON.parse(await call(`${url}/orders/customers/summary`)) as {
    customers: CustomerWithOrders[];
  };
  return customers;
}

export function statusOf({ orderStatusEvents }: SampleOrder): OrderStatusType | undefined {
  return orderStatusEvents.at(-1)?.orderStatusType;
}

async function customersOf(url: string): Promise<Customer[]> {
  const { customers } = JSON.parse(await call(`${url}/accounts/customers/summary`)) as { customers: Customer[] };
  return customers;
}

async function fulfillmentsOf(url: string): Promise<Set<string>> {
  const body = await call(`${url}/fulfillment/fulfillments/summary`);
  const { fulfillments } = JSON.parse(body) as { fulfillments: { order: { guid: string } | null }[] };
  return new Set(fulfillments.flatMap(({ order }) => order?.guid ?? []));
}

function sameCustomers(source: readonly Customer[], replica: readonly Customer[]): boolean {
  const replicated = new Map(replica.map((customer) => [customer.id, detailsOf(customer)]));
  return source.every((customer) => replicated.get(customer.id) === detailsOf(customer));
}

function detailsOf({ name, contact, addresses }: Customer): string {
  return JSON.stringify([name, contact, addresses]);
}

/** Approved, and with an address to be sent to. */
function guidsToFulfill(customers: readonly CustomerWithOrders[]): string[] {
  return customers
    .filter(({ addresses }) => addresses.some(({ type }) => type === 'SHIPPING'))
    .flatMap(({ orders }) => orders.filter((order) => statusOf(order) === 'APPROVED').map(({ guid }) => guid));
}

async function call(url: string): Promise<string> {
  const response = await fetch(url, { headers: { accept: '*/*' }, signal: AbortSignal.timeout(120_000) }).catch(
    (error: unknown) => {
      throw new Error(`${url} cannot be reached: ${messageOf(error)}`, { cause: error });
    },
  );
  const body = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${body.slice(0, 300)}`);
  return body;
}

async function until(what: string, arrived: () => Promise<boolean>, patienceMs: number): Promise<void> {
  const end = performance.now() + patienceMs;
  for (let pause = 20; !(await arrived()); pause = Math.min(pause * 1.5, 1_000)) {
    if (performance.now() > end) throw new Error(`waited ${patienceMs / 1_000} s for ${what}`);
    await sleep(pause);
  }
}
