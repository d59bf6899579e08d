import type { Answer } from '../../http-client';
import { eventually } from '../../eventually';
import { customerBody } from '../../system/bodies';
import { type Service, services } from '../../system/engines-apart';
import type { FaultRun } from '../fault-run';
import type { Scenario } from '../scenario';
import { unless } from '../violation';

/** Without Kafka commands are answered as ever, and what dies meanwhile comes back without it. */
export const kafkaKilled: Scenario = {
  name: 'kafka-killed',
  family: 'kafka',
  about: 'Kafka killed and restarted; a service killed and started while it is away',
  plan(chance) {
    const whom = chance.pick(services) ?? 'accounts';
    const awayMs = chance.between(6_000, 12_000);
    let before = { acknowledged: 0, unanswered: 0 };
    return {
      deeds: [
        {
          atMs: 1_000,
          what: 'kill -9 Kafka',
          async do(run) {
            await run.storefront.engines.kill('kafka');
            await everyService((service) => eventually(() => healthOf(run, service), saysDown('kafka')));
            await everyService(async (service) => {
              const readiness = (await healthOf(run, service, '/readiness')).status;
              const liveness = (await healthOf(run, service, '/liveness')).status;
              const both = `readiness ${readiness}, liveness ${liveness}`;
              run.violated(...unless(both === 'readiness 200, liveness 200', `${service} without Kafka: ${both}`));
            });
            before = { acknowledged: run.ledger.acknowledged, unanswered: run.ledger.unanswered.length };
          },
        },
        {
          atMs: 1_000 + awayMs / 2,
          what: `kill -9 ${whom}, and start it without Kafka`,
          async do(run) {
            const { ledger } = run;
            // health may have taken until now to say that Kafka is away; a write that is not acknowledged ends the scenario
            await eventually(
              () => ledger.acknowledged - before.acknowledged,
              (writes) => writes > 0,
            );
            run.violated(
              ...unless(ledger.unanswered.length === before.unanswered, 'not everything was answered without Kafka'),
            );
            await run.storefront.kill(whom);
            await run.storefront.restart(whom);
          },
        },
        { atMs: 1_000 + awayMs, what: 'start Kafka', do: ({ storefront }) => storefront.engines.restart('kafka') },
      ],
      check: allWell,
    };
  },
};

/** Without the store commands are refused as a whole. */
export const storeKilled: Scenario = {
  name: 'store-killed',
  family: 'store',
  about: 'the store killed and restarted',
  plan(chance) {
    const awayMs = chance.between(3_000, 8_000);
    return {
      deeds: [
        {
          atMs: 1_000,
          what: 'kill -9 the store',
          async do(run) {
            await run.storefront.engines.kill('store');
            await everyService((service) => eventually(() => healthOf(run, service), saysDown('mongo')));
            await everyService(async (service) => {
              const readiness = (await healthOf(run, service, '/readiness')).status;
              const liveness = (await healthOf(run, service, '/liveness')).status;
              const both = `readiness ${readiness}, liveness ${liveness}`;
              run.violated(...unless(both === 'readiness 503, liveness 200', `${service} without the store: ${both}`));
            });
            const refused = await run.storefront.request('PUT', '/accounts/customers/refused', customerBody('refused'));
            const isHonest = refused.status === 503 && refused.headers.has('retry-after');
            run.violated(...unless(isHonest, `without the store: ${refused.status} ${refused.text}`, 'dishonest'));
          },
        },
        { atMs: 1_000 + awayMs, what: 'start the store', do: ({ storefront }) => storefront.engines.restart('store') },
      ],
      async check(run) {
        const { status } = await run.storefront.request('GET', '/accounts/customers/refused');
        return [...unless(status === 404, 'a refused write was applied', 'dishonest'), ...(await allWell(run))];
      },
    };
  },
};

function everyService<T>(work: (service: Service) => Promise<T>): Promise<T[]> {
  return Promise.all(services.map(work));
}

function healthOf({ storefront }: FaultRun, service: Service, group = ''): Promise<Answer> {
  return storefront.client(service)('GET', `/actuator/health${group}`);
}

function saysDown(component: 'kafka' | 'mongo'): (health: Answer) => boolean {
  return ({ json }) => {
    const { components } = json as { components?: Record<string, { status: string } | undefined> };
    return components?.[component]?.status === 'DOWN';
  };
}

async function allWell(run: FaultRun) {
  await everyService((service) =>
    eventually(
      () => healthOf(run, service),
      ({ status }) => status === 200,
    ),
  );
  return [];
}
