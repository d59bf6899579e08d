import { SERVICES, type ServiceName } from '../../scripts/system-settings';
import type { Seeded } from '../faults/seeded';
import { endpointsOf } from '../hostile/endpoints';
import { hostileBodies } from '../hostile/hostile-bodies';
import { type Service, services } from '../system/engines-apart';
import type { Storefront } from '../system/storefront';
import type { Hostile } from './attacker';

const MAX_BYTES = 256 * 1_024;
const named =
  '"name":{"title":"Ms.","firstName":"Ada","lastName":"L"},"contact":{"primaryPhone":"1","email":"a@example.org"}';

interface Choice {
  readonly chance: Seeded;
  /** Of each process. */
  readonly count: number;
  /** The id of a customer that is there. */
  readonly victim: string;
}

/** Bodies of 256 KiB for every documented write of the services, some of chance's choice; at the gateway for all services. */
export async function hostileWrites(
  storefront: Storefront,
  { chance, count, victim }: Choice,
): Promise<Record<ServiceName, Hostile[]>> {
  const all = new Map<ServiceName, Hostile[]>();
  for (const service of services) {
    const endpoints = (await endpointsOf(storefront, service)).filter(({ schema }) => schema);
    const wrong = endpoints.flatMap((endpoint) =>
      hostileBodies(endpoint, chance).map(({ type, text }): Hostile => {
        const path = endpoint.path.replaceAll(/\{\w+\}|:\w+/g, victim);
        return { method: endpoint.method, path, headers: { 'content-type': type }, body: text };
      }),
    );
    const chosen = Array.from({ length: count }, () => chance.pick(wrong)).filter((one) => one !== undefined);
    all.set(service, [...emptyElements(service, victim), ...chosen]);
  }
  const under = (service: Service) =>
    all.get(service)?.map((one) => ({ ...one, path: `/${service}${one.path}` })) ?? [];
  all.set('gateway', services.flatMap(under));
  return Object.fromEntries(SERVICES.map((name) => [name, all.get(name) ?? []])) as Record<ServiceName, Hostile[]>;
}

/** A list of as many empty elements as there is room for, by every method. */
function emptyElements(service: Service, victim: string): Hostile[] {
  const fill = (head: string) => `${head}${'{},'.repeat((MAX_BYTES - head.length - 10) / 3)}{}]}`;
  const json = { 'content-type': 'application/json' };
  const customer = fill(`{${named},"addresses":[`);
  const of: Record<Service, Hostile[]> = {
    accounts: [
      { method: 'POST', path: '/customers', headers: json, body: customer },
      { method: 'PUT', path: `/customers/${victim}`, headers: json, body: customer },
      { method: 'PATCH', path: `/customers/${victim}`, headers: json, body: customer },
    ],
    orders: [{ method: 'POST', path: `/customers/${victim}/orders`, headers: json, body: fill('{"items":[') }],
    fulfillment: [],
  };
  return of[service];
}
