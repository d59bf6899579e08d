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
  /** Sent as `Authorization: Bearer`, where the gateway asks for one. */
  readonly token?: string | undefined;
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
export async function sampleJourney(options: JourneyOptions): Promise<CustomerWithOrders[]> {
  const { say, patienceMs = 60_000 } = options;
  const wait = (what: string, arrived: () => Promise<boolean>) => until(what, arrived, patienceMs);
  const step = async (path: string) => say(`  ${(await call(options, path)).trim()}`);

  await step('/accounts/customers/sample');
  const customers = await customersOf(options);
  await wait('the customers to reach Orders', async () => sameCustomers(customers, await ordersOf(options)));
  say(`  ${customers.length} customers have reached Orders`);

  await step('/orders/customers/sample/orders');
  const approved = guidsToFulfill(await ordersOf(options));
  await step('/orders/customers/sample/fulfill');
  await wait('the requests to reach Fulfillment', async () => {
    const known = await fulfillmentsOf(options);
    return approved.every((guid) => known.has(guid));
  });
  say(`  ${approved.length} orders have reached Fulfillment`);

  for (const { path, status } of FULFILLMENT_STEPS) {
    await step(`/fulfillment/fulfillments/sample/${path}`);
    await wait(`${status} to reach Orders`, async () => {
      const statuses = new Map(
        (await ordersOf(options)).flatMap(({ orders }) => orders.map((one) => [one.guid, statusOf(one)])),
      );
      return approved.every((guid) => statuses.get(guid) === status);
    });
    say(`  ${status} has reached Orders`);
  }
  return ordersOf(options);
}

type Gateway = Pick<JourneyOptions, 'url' | 'token'>;

export async function ordersOf(gateway: Gateway): Promise<CustomerWithOrders[]> {
  const { customers } = JSON.parse(await call(gateway, '/orders/customers/summary')) as {
    customers: CustomerWithOrders[];
  };
  return customers;
}

export function statusOf({ orderStatusEvents }: SampleOrder): OrderStatusType | undefined {
  return orderStatusEvents.at(-1)?.orderStatusType;
}

async function customersOf(gateway: Gateway): Promise<Customer[]> {
  const { customers } = JSON.parse(await call(gateway, '/accounts/customers/summary')) as { customers: Customer[] };
  return customers;
}

async function fulfillmentsOf(gateway: Gateway): Promise<Set<string>> {
  const body = await call(gateway, '/fulfillment/fulfillments/summary');
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

async function call({ url: base, token }: Gateway, path: string): Promise<string> {
  const url = base + path;
  const response = await fetch(url, {
    headers: { accept: '*/*', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    // followed, it would lose the token
    redirect: 'manual',
    signal: AbortSignal.timeout(120_000),
  }).catch((error: unknown) => {
    throw new Error(`${url} cannot be reached: ${messageOf(error)}`, { cause: error });
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`${url} ${refusal(response, token, body)}`);
  return body;
}

function refusal({ status, headers }: Response, token: string | undefined, body: string): string {
  const said = `answered ${status}: ${body.slice(0, 300)}`;
  if (status >= 300 && status < 400)
    return `leads to ${headers.get('location') ?? 'nowhere'}: give that address as --url.`;
  if (status !== 401 && status !== 403) return said;
  const reason =
    token === undefined
      ? 'asks for a token: give --token, STOREFRONT_TOKEN or STOREFRONT_TOKEN_FILE'
      : tokenRefusals[status];
  return `${reason} (it ${said})`;
}

const tokenRefusals = {
  401: 'does not accept the token: it has expired, or is of another issuer',
  403: 'does not let this token in: its audience is another one, or the address is closed',
} as const;

async function until(what: string, arrived: () => Promise<boolean>, patienceMs: number): Promise<void> {
  const end = performance.now() + patienceMs;
  for (let pause = 20; !(await arrived()); pause = Math.min(pause * 1.5, 1_000)) {
    if (performance.now() > end) throw new Error(`waited ${patienceMs / 1_000} s for ${what}`);
    await sleep(pause);
  }
}
