import { setTimeout as sleep } from 'node:timers/promises';
import { type Violation } from '../faults/violation';
import type { Service } from '../system/engines-apart';
import type { Storefront } from '../system/storefront';

/** Of each service what everybody may read, through the gateway. */
export const reads: Readonly<Record<Service, string>> = {
  accounts: '/accounts/customers?size=1',
  orders: '/orders/products?size=1',
  fulfillment: '/fulfillment/fulfillments?size=1',
};

const EVERY_MS = 500;
/** A calm machine answers in 10 ms; a service that an attack keeps busy is let pass for as long as a person would wait. */
export const HONEST_MS = 5_000;

/**
 * Reads of every service that honest clients send while something is done to the system; tells of those that were refused or
 * took longer than 5 s. `besides` are services that cannot answer now: they are not asked.
 */
export async function whileHonestRead(
  storefront: Storefront,
  work: () => Promise<unknown>,
  besides: readonly Service[] = [],
): Promise<Violation[]> {
  const asked = (Object.keys(reads) as Service[]).filter((service) => !besides.includes(service));
  const found: Violation[] = [];
  const over = new AbortController();
  const asking = asked.map(async (service) => {
    while (!over.signal.aborted) {
      const text = await wrongRead(storefront, service);
      if (text !== undefined) found.push({ kind: 'other', text });
      await sleep(EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  });
  try {
    await work();
  } finally {
    over.abort();
    await Promise.all(asking);
  }
  // one of a kind tells enough
  return [...new Map(found.map((one) => [one.text.replaceAll(/\d+ ms/g, ''), one])).values()].slice(0, 5);
}

async function wrongRead(storefront: Storefront, service: Service): Promise<string | undefined> {
  const begin = performance.now();
  const asked = storefront.request('GET', reads[service]).catch((error: unknown) => String(error));
  const answer = await Promise.race([asked, sleep(HONEST_MS * 3, 'no answer', { ref: false })]);
  const tookMs = Math.round(performance.now() - begin);
  const status = typeof answer === 'string' ? answer : answer.status;
  if (status === 200 && tookMs <= HONEST_MS) return undefined;
  return `an honest read of ${service} during the attack: ${status} after ${tookMs} ms`;
}
