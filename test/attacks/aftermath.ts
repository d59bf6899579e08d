import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES, type ServiceName } from '../../scripts/system-settings';
import { isSuccess } from '../faults/client';
import { type Violation, unless } from '../faults/violation';
import { customerBody, orderBody } from '../system/bodies';
import type { Storefront } from '../system/storefront';
import { type Vitals, vitalsNow } from './vitals';

/** What must hold after an attack; the times are for two busy cores. */
export const AFTERMATH = {
  healthMs: 30_000,
  /** A fresh customer is to be in Orders within 5 s; the rest is for a busy machine. */
  arrivalMs: 10_000,
  memoryMs: 30_000,
  lagMs: 60_000,
  /** More than the process took before. */
  moreMb: 150,
  /** What a pod may have. */
  podMb: 384,
} as const;

/** As many aggregates as reach every partition of a topic with three. */
const FRESH = 6;
const POLL_MS = 100;

/**
 * What an attack did to the processes: one that died or was started again, health that does not come back, fresh customers and
 * orders that do not get through, records that no group gets past, memory that is not given back. `mark` makes the ids of its
 * customers different from those of another call on the same system.
 */
export async function aftermath(storefront: Storefront, before: Vitals, mark: string): Promise<Violation[]> {
  const alive = SERVICES.filter((name) => before[name].pid === storefront.pid(name));
  const dead = SERVICES.filter((name) => !alive.includes(name));
  const died = dead.map((name): Violation => ({ kind: 'died', text: `${name} was killed by the attack` }));
  // nothing gets through without it
  if (dead.length > 0) return died;
  const hurt = [...(await unhealthy(storefront)), ...(await stuck(storefront, mark))];
  // what is stuck now will not go on in a minute: no need to wait for it
  const patienceMs = hurt.length > 0 ? 0 : AFTERMATH.lagMs;
  return [...hurt, ...(await behind(storefront, patienceMs)), ...(await swollen(storefront, before))];
}

async function unhealthy(storefront: Storefront): Promise<Violation[]> {
  const seen = await Promise.all(
    SERVICES.map(async (name) => {
      const health = () => healthOf(storefront, name);
      const last = await lastWithin(health, (text) => text === 'UP', AFTERMATH.healthMs);
      return unless(last === 'UP', `health of ${name} after ${AFTERMATH.healthMs} ms: ${last}`, 'drain');
    }),
  );
  return seen.flat();
}

async function healthOf(storefront: Storefront, name: ServiceName): Promise<string> {
  const { status, json, text } = await storefront.client(name)('GET', '/actuator/health');
  return status === 200 && (json as { status?: string }).status === 'UP' ? 'UP' : `${status} ${text}`;
}

/** Fresh customers, and an order of each on its way to Fulfillment and back. */
async function stuck(storefront: Storefront, mark: string): Promise<Violation[]> {
  const ids = Array.from({ length: FRESH }, (_, index) => `fresh-${mark}-${index}`);
  const seen = await Promise.all(ids.map((id) => whereStuck(storefront, id)));
  return seen.flatMap((text): Violation[] => (text === undefined ? [] : [{ kind: 'drain', text }]));
}

async function whereStuck(storefront: Storefront, id: string): Promise<string | undefined> {
  const within = (what: string, ...call: Parameters<Storefront['request']>) => done(storefront, `${id}: ${what}`, call);
  const customer = await within('registering', 'PUT', `/accounts/customers/${id}`, customerBody(id));
  if (customer.wrong) return customer.wrong;
  const order = await within('the customer in Orders', 'POST', `/orders/customers/${id}/orders`, orderBody);
  if (order.wrong) return order.wrong;
  const { guid } = order.json as { guid: string };
  for (const command of ['approve', 'fulfill']) {
    const { wrong } = await within(command, 'POST', `/orders/orders/${guid}/${command}`);
    if (wrong) return wrong;
  }
  const processed = await within('the order in Fulfillment', 'POST', `/fulfillment/fulfillments/${guid}/process`);
  if (processed.wrong) return processed.wrong;
  const status = async () => {
    const { json } = await storefront.request('GET', `/orders/orders/${guid}`);
    return (json as { status?: string } | undefined)?.status;
  };
  const last = await lastWithin(status, (seen) => seen === 'PROCESSING', AFTERMATH.arrivalMs);
  return last === 'PROCESSING' ? undefined : `${id}: its order is ${last} in Orders, and PROCESSING in Fulfillment`;
}

/** Sends it until it succeeds: what is not there yet is refused. */
async function done(storefront: Storefront, what: string, call: Parameters<Storefront['request']>) {
  const last = await lastWithin(() => storefront.request(...call), isSuccess, AFTERMATH.arrivalMs);
  if (isSuccess(last)) return { json: last.json };
  return { wrong: `${what}: still ${last.status} after ${AFTERMATH.arrivalMs} ms: ${last.text.slice(0, 300)}` };
}

async function behind(storefront: Storefront, withinMs: number): Promise<Violation[]> {
  const last = await lastWithin(
    () => storefront.lag(),
    (lines) => lines.length === 0,
    withinMs,
  );
  return last.map((text) => ({ kind: 'drain', text }));
}

async function swollen(storefront: Storefront, before: Vitals): Promise<Violation[]> {
  const more = () => {
    const now = vitalsNow(storefront);
    return SERVICES.flatMap((name) => {
      const [was, is] = [before[name].memory, now[name].memory];
      if (!was || !is || is.rssMb <= was.rssMb + AFTERMATH.moreMb) return [];
      return [`${name} took ${was.rssMb} MB before the attack, ${is.rssMb} MB after it`];
    });
  };
  const left = await lastWithin(more, (lines) => lines.length === 0, AFTERMATH.memoryMs);
  const now = vitalsNow(storefront);
  const peaks = SERVICES.flatMap((name) => {
    const { peakMb = 0 } = now[name].memory ?? {};
    return peakMb <= AFTERMATH.podMb ? [] : [`${name} took up to ${peakMb} MB, a pod has ${AFTERMATH.podMb}`];
  });
  return [...left, ...peaks].map((text) => ({ kind: 'bounds', text }));
}

/** The first right answer, or the last wrong one. A question that fails is asked again until the time is over. */
export async function lastWithin<T>(
  ask: () => Promise<T> | T,
  right: (answer: T) => boolean,
  limitMs: number,
): Promise<T> {
  const until = performance.now() + limitMs;
  for (;;) {
    try {
      const answer = await ask();
      if (right(answer) || performance.now() > until) return answer;
    } catch (error) {
      if (performance.now() > until) throw error;
    }
    await sleep(POLL_MS);
  }
}
