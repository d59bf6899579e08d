import { setTimeout as sleep } from 'node:timers/promises';
import { customerWith } from '../../attacks/large-customers';
import { isSuccess, versionIn } from '../client';
import type { FaultRun } from '../fault-run';
import { registered, succeed } from '../requests';
import type { Scenario } from '../scenario';
import { unless, violations } from '../violation';

const ids = Array.from({ length: 24 }, (_, index) => `large-${index}`);
/** 120 KB: four of these fill a batch, so that the next one is as long and not the same. */
const { addresses } = customerWith('large', { addresses: 50, text: 'ü'.repeat(380) }) as { addresses: object[] };
const LARGE_BYTES = Buffer.byteLength(JSON.stringify(addresses));
const ROUNDS = 2;
/** As often as kafkajs tries by itself. */
const ANSWERS = 4;
/** Every 64 KiB: what waits must be more than what travels. */
const SLOW_MS = 40;
/** So often each customer is written until the answers of a round are lost. */
const PATIENCE = 40;

/** Kafka has appended what was sent, nobody hears so, and what is sent next is another batch of the same length. */
export const lostAnswers: Scenario = {
  name: 'lost-answers',
  family: 'data',
  about: 'answers to produce requests are lost after the append, while more waits than fits a batch',
  plan() {
    let count = 0;
    return {
      load: false,
      deeds: [
        {
          atMs: 0,
          what: `${ids.length} customers of about ${LARGE_BYTES} bytes`,
          do: (run) => Promise.all(ids.map((id) => enlarged(run, id))),
        },
        ...Array.from({ length: ROUNDS }, (_, round) => ({
          atMs: 3_000 * (round + 1),
          what: `${ANSWERS} answers to Accounts are lost while they are written, on a slow link`,
          async do(run: FaultRun) {
            const { kafka } = run.storefront.engines.links.accounts;
            const writeAll = () => Promise.all(ids.map((id) => amended(run, id, ++count)));
            kafka.slowDown(SLOW_MS);
            for (let again = 0; again < 3; again++) await writeAll();
            const enough = kafka.lost + ANSWERS;
            kafka.loseProduceResponses(ANSWERS);
            for (let left = PATIENCE; left > 0 && kafka.lost < enough; left--) {
              await writeAll();
              await sleep(300);
            }
            kafka.slowDown(0);
            run.violated(...unless(kafka.lost >= enough, 'nobody waited for an answer', 'harness'));
            await settled(run);
          },
        })),
      ],
    };
  },
};

/** Quiet before the next round; that it is never quiet is a fault of the system, not of the harness. */
async function settled(run: FaultRun): Promise<void> {
  try {
    await run.storefront.settled();
  } catch (error) {
    run.violated(...violations('drain', [String(error)]));
  }
}

async function enlarged({ storefront, ledger }: FaultRun, id: string): Promise<void> {
  const email = `${id}@example.org`;
  ledger.customerWritten(id, versionIn(await registered(storefront, id)), email);
  const answer = await succeed(storefront, 'PATCH', `/accounts/customers/${id}`, { addresses });
  ledger.customerWritten(id, versionIn(answer), email);
}

/** Refused while too many of its events wait. */
async function amended({ storefront, ledger }: FaultRun, id: string, count: number): Promise<void> {
  const email = `${id}-${count}@example.org`;
  const answer = await storefront.request('PATCH', `/accounts/customers/${id}`, { contact: { email } });
  if (isSuccess(answer)) ledger.customerWritten(id, versionIn(answer), email);
  else if (answer.status !== 503) ledger.surprises.push(`PATCH ${id}: ${answer.status} ${answer.text}`);
}
