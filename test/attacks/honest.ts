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
 * took longer than 5 s. `paths` are read, through the gateway: those of `reads` unless told otherwise.
 */
export async function whileHonestRead(
  storefront: Storefront,
  work: () => Promise<unknown>,
  paths: readonly string[] = Object.values(reads),
): Promise<Violation[]> {
  const found: Violation[] = [];
  const over = new AbortController();
  const asking = paths.map(async (path) => {
    while (!over.signal.aborted) {
      const text = await wrongRead(storefront, path);
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

async function wrongRead(storefront: Storefront, path: string): Promise<string | undefined> {
  const begin = performance.now();
  const asked = storefront.request('GET', path).catch((error: unknown) => String(error));
  const answer = await Promise.race([asked, sleep(HONEST_MS * 3, 'no answer', { ref: false })]);
  const tookMs = Math.round(performance.now() - begin);
  const { status, text } = typeof answer === 'string' ? { status: 0, text: answer } : answer;
  if (status === 200 && tookMs <= HONEST_MS) return undefined;
  const said = status === 200 ? '' : ` ${text.slice(0, 200)}`;
  return `an honest read of ${path} during the attack: ${status} after ${tookMs} ms${said}`;
}
