import { isSuccess, versionIn } from '../client';
import type { FaultRun } from '../fault-run';
import { arrived, registered, requested } from '../requests';
import type { Scenario } from '../scenario';
import { unless } from '../violation';

const WRITERS = 50;
const ROUNDS = 3;
const id = 'wanted-by-all';
const path = `/accounts/customers/${id}`;

/** All want the same aggregate: each 2xx is a version of its own, and all of them are told in order. */
export const fiftyWriters: Scenario = {
  name: 'fifty-writers',
  family: 'data',
  about: `${WRITERS} clients write one customer and one order at once`,
  plan() {
    let written = 0;
    return {
      deeds: [
        {
          atMs: 1_000,
          what: `${WRITERS} amend one customer, ${ROUNDS} times each`,
          do: async (run) => {
            const mark = `${id}-0`;
            const created = await registered(run.storefront, id, mark);
            run.ledger.customerWritten(id, versionIn(created), `${mark}@example.org`);
            await arrived(run.storefront, id);
            const writers = Array.from({ length: WRITERS }, (_, writer) => amend(run, writer));
            written = (await Promise.all(writers)).reduce((sum, count) => sum + count, 0);
          },
        },
        { atMs: 2_000, what: `${WRITERS} move one fulfillment at once`, do: moveTogether },
      ],
      check: () => Promise.resolve(unless(written >= WRITERS, `only ${written} of them wrote`, 'harness')),
    };
  },
};

/** How many of its requests were carried out. */
async function amend({ storefront, ledger }: FaultRun, writer: number): Promise<number> {
  let written = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const email = `${id}-${writer}-${round}@example.org`;
    const answer = await storefront.request('PATCH', path, { contact: { email } });
    if (isSuccess(answer)) {
      written++;
      ledger.customerWritten(id, versionIn(answer), email);
    } else if (answer.status !== 409 && answer.status !== 503) {
      ledger.surprises.push(`PATCH ${path}: ${answer.status} ${answer.text}`);
    } else if (answer.status === 503) ledger.customerUnknown(id);
  }
  return written;
}

/** Only one of them may: the status machine lets nobody process twice. */
async function moveTogether(run: FaultRun): Promise<void> {
  const customer = 'moved-by-all';
  await registered(run.storefront, customer);
  await arrived(run.storefront, customer);
  const guid = await requested(run.storefront, customer);
  const answers = await Promise.all(
    Array.from({ length: WRITERS }, () => run.storefront.request('POST', `/fulfillment/fulfillments/${guid}/process`)),
  );
  const done = answers.filter(isSuccess).length;
  const other = answers.filter((answer) => !isSuccess(answer) && answer.status !== 409);
  run.violated(...unless(done === 1, `${done} of ${WRITERS} processed one fulfillment`, 'duplicated'));
  run.violated(...unless(other.length === 0, `also answered: ${other[0]?.status} ${other[0]?.text}`, 'dishonest'));
}
