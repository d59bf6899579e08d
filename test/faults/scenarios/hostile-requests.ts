import { SERVICES, type ServiceName } from '../../../scripts/system-settings';
import { attack, type Hostile } from '../../attacks/attacker';
import { whileHonestRead } from '../../attacks/honest';
import { hostileAccepts, hostileHeaders, hostilePaths, waiters, wrongPasswords } from '../../attacks/hostile-headers';
import { hostileWrites } from '../../attacks/hostile-writes';
import { refusedBy } from '../../attacks/refusals';
import type { Storefront } from '../../system/storefront';
import { underAttack } from '../attacked';
import type { FaultRun } from '../fault-run';
import { arrived, registered } from '../requests';
import type { Deed, Scenario } from '../scenario';
import type { Seeded } from '../seeded';
import { unless, type Violation } from '../violation';

const ACCEPTS = 450;
const OF_EACH_HEADER = 50;
const WAITERS = 110;
const WRITES = 60;
const GUESSES = 1_001;
const victim = 'attacked';

/** A request costs about what it takes to read it, and its sender is told what is wrong with it. */
export const hostileRequests: Scenario = {
  name: 'hostile-requests',
  family: 'attacks',
  about: `bodies of 256 KiB, ${ACCEPTS} Accept headers of 15 KB, growing patches, ${WAITERS} waiters, ${GUESSES} guesses, odd paths, to all four`,
  plan: (chance) =>
    underAttack('hostile-requests', () => [
      {
        atMs: 500,
        what: 'a customer to be attacked, and an act of an operator',
        do: async ({ storefront }) => {
          await registered(storefront, victim);
          await arrived(storefront, victim);
          await Promise.all(SERVICES.map((name) => act(storefront, name)));
        },
      },
      written(1_000, chance),
      sent(2_000, 'Accept headers of 15 KB', (name) => hostileAccepts(name, ACCEPTS)),
      sent(3_000, 'other headers of 15 KB, and queries', (name) => hostileHeaders(name, OF_EACH_HEADER)),
      sent(4_000, 'paths that are none', hostilePaths),
      { atMs: 5_000, what: `${WAITERS} who wait for what is not there`, do: waited },
      { atMs: 6_000, what: `${GUESSES} wrong passwords`, do: guessed },
    ]),
};

/** Of what there is to write, and of how it may be written wrongly, chance decides. */
function written(atMs: number, chance: Seeded): Deed {
  return {
    atMs,
    what: 'bodies that are many, deep and long',
    do: async (run) => {
      const writes = await hostileWrites(run.storefront, { chance, count: WRITES, victim });
      await sent(atMs, '', (name) => writes[name]).do(run);
    },
  };
}

/** To one process after the other, while honest clients read from all. */
function sent(atMs: number, what: string, make: (name: ServiceName) => Hostile[]): Deed {
  return {
    atMs,
    what,
    do: async (run) => {
      const found: Violation[] = [];
      const work = async () => {
        for (const name of SERVICES) found.push(...(await refusedBy(run.storefront, name, make(name))));
      };
      run.violated(...(await whileHonestRead(run.storefront, work)), ...found);
    },
  };
}

async function waited(run: FaultRun): Promise<void> {
  const { storefront } = run;
  for (const name of ['orders', 'gateway'] as const) {
    const waiting = attack(storefront.url(name), waiters(name, WAITERS), WAITERS);
    run.violated(...(await whileHonestRead(storefront, () => freshRead(run))));
    await waiting;
  }
}

/** Who has written reads it at once, however many wait for something else. */
async function freshRead(run: FaultRun): Promise<void> {
  for (let round = 0; round < 3; round++) {
    const { headers } = await registered(run.storefront, victim, `${victim}-${round}`);
    const token = { 'consistency-token': headers.get('consistency-token') ?? '', prefer: 'wait=10' };
    const path = `/orders/customerOrderses/${victim}`;
    const { status, text } = await run.storefront.request('GET', path, undefined, token);
    run.violated(...unless(status === 200, `a read of one's own write beside ${WAITERS} waiters: ${status} ${text}`));
  }
}

async function guessed(run: FaultRun): Promise<void> {
  const { storefront } = run;
  for (const name of SERVICES) {
    const answers = await attack(storefront.url(name), wrongPasswords(name, GUESSES), 8);
    const statuses = Map.groupBy(answers, ({ status }) => status ?? 0);
    const told = [...statuses].map(([status, all]) => `${all.length} × ${status}`).join(', ');
    // one guess may be under way when a minute begins
    const isBounded =
      (statuses.get(401)?.length ?? 0) <= 40 && [...statuses.keys()].every((s) => [401, 404, 429].includes(s));
    run.violated(...unless(isBounded, `${GUESSES} guesses at the password of ${name}: ${told}`));
    run.violated(...(await forgotten(storefront, name)));
  }
}

function authorized({ management }: Storefront): Record<string, string> {
  const { username, password } = management;
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** Something that the audit trail must still tell of when the attack is over. */
async function act(storefront: Storefront, name: ServiceName): Promise<void> {
  const body = { configuredLevel: null };
  await storefront.client(name)('POST', '/actuator/loggers/attacks', body, authorized(storefront));
}

async function forgotten(storefront: Storefront, name: ServiceName): Promise<Violation[]> {
  const path = '/actuator/auditevents';
  const { status, text } = await storefront.client(name)('GET', path, undefined, authorized(storefront));
  // the gateway has its guarded endpoints elsewhere, or not at all
  const isTold = status === 404 || (status === 200 && text.includes('/actuator/loggers/attacks'));
  return unless(isTold, `the audit trail of ${name} after the guesses: ${status}, without the act before them`);
}
