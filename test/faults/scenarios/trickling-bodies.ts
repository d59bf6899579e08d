import { setTimeout as sleep } from 'node:timers/promises';
import { reads, whileHonestRead } from '../../attacks/honest';
import { Trickling } from '../../attacks/trickling';
import { eventually } from '../../eventually';
import { type Service, services } from '../../system/engines-apart';
import type { Storefront } from '../../system/storefront';
import { underAttack } from '../attacked';
import type { FaultRun } from '../fault-run';
import type { Scenario } from '../scenario';
import { unless, violations } from '../violation';

/** More than the gateway's connections to a service. */
const TRICKLING = 140;
/** Requests are to be complete within 30 s, and the gateway gives up on a service after as much; the rest is for a busy machine. */
const TIME_OUT_MS = 30_000;
const MARGIN_MS = 10_000;

const bodies: Readonly<Record<Service, string>> = {
  accounts: '/customers',
  orders: '/customers/nobody/orders',
  fulfillment: '/fulfillments/nobody/process',
};

/** Who sends slowly waits for himself, and a service that stands still is waited for by its own clients only. */
export const tricklingBodies: Scenario = {
  name: 'trickling-bodies',
  family: 'attacks',
  about: `${TRICKLING} requests a byte at a time to the gateway and to each service, in headers and bodies; one service stopped`,
  plan(chance) {
    const stopped = chance.pick(services) ?? 'orders';
    const trickling = new Trickling();
    const plan = underAttack('trickling-bodies', () => [
      {
        atMs: 1_000,
        what: 'requests that arrive a byte at a time, and honest ones',
        do: async (run) => {
          trickle(run.storefront, trickling);
          run.violated(...(await whileHonestRead(run.storefront, () => sleep(10_000))));
        },
      },
      {
        atMs: 11_000,
        what: `SIGSTOP ${stopped}: its clients are told so in time, those of the others notice nothing`,
        do: (run) => whileStopped(run, stopped),
      },
      {
        atMs: 45_000,
        what: 'nobody is left who sends slowly',
        do: async (run) => {
          const left = await eventually(
            () => trickling.left,
            (count) => count === 0,
            MARGIN_MS,
          ).catch(() => trickling.left);
          run.violated(...unless(left === 0, `${left} slow requests were never ended`));
        },
      },
    ]);
    return { ...plan, check: async () => (trickling.end(), []) };
  },
};

function trickle(storefront: Storefront, trickling: Trickling): void {
  for (const service of services) {
    trickling.begin(storefront.gatewayUrl, TRICKLING, { of: 'body', path: `/${service}${bodies[service]}` });
    trickling.begin(storefront.url(service), TRICKLING / 2, { of: 'body', path: bodies[service] });
    trickling.begin(storefront.url(service), TRICKLING / 2, { of: 'headers', path: bodies[service] });
  }
  trickling.begin(storefront.gatewayUrl, TRICKLING, { of: 'headers', path: '/accounts/customers' });
}

async function whileStopped(run: FaultRun, stopped: Service): Promise<void> {
  const { storefront } = run;
  storefront.signal(stopped, 'SIGSTOP');
  try {
    const told = async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => refusalOf(storefront, stopped)));
      run.violated(...violations('dishonest', answers.filter((text) => text !== undefined).slice(0, 2)));
    };
    const others = services.filter((service) => service !== stopped).map((service) => reads[service]);
    run.violated(...(await whileHonestRead(storefront, told, others)));
  } finally {
    storefront.signal(stopped, 'SIGCONT');
  }
}

async function refusalOf(storefront: Storefront, stopped: Service): Promise<string | undefined> {
  const begin = performance.now();
  const given = sleep(TIME_OUT_MS + MARGIN_MS, { status: 'no answer' }, { ref: false });
  const { status } = await Promise.race([storefront.request('GET', reads[stopped]), given]);
  const tookMs = performance.now() - begin;
  const isRight = status === 503 || status === 504;
  return isRight
    ? undefined
    : `the gateway for ${stopped}, which stands still: ${status} after ${Math.round(tookMs)} ms`;
}
