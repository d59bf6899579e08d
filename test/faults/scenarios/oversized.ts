import { setTimeout as sleep } from 'node:timers/promises';
import { customerWith } from '../../attacks/large-customers';
import { eventually } from '../../eventually';
import { unpublished } from '../../system/differences';
import type { FaultRun } from '../fault-run';
import { ParkedLanes } from '../parked-lanes';
import { arrived, registered, succeed } from '../requests';
import type { Scenario } from '../scenario';
import { unless } from '../violation';

const topic = 'accounts.customer.change';
const KB = 1_000;
/** Nearly all that a request may bring. */
const text = 'x'.repeat(230 * KB);

/** What no broker would take is refused before it is written; what is too much at once is sent in parts. */
export const oversized: Scenario = {
  name: 'oversized',
  family: 'data',
  about: 'too large requests, events, batches and foreign records',
  plan(chance) {
    let lanes: ParkedLanes;
    const partition = chance.below(3);
    return {
      deeds: [
        { atMs: 0, what: 'requests and events that are too large', do: refused },
        {
          atMs: 500,
          what: 'a foreign record of 1 MB, broken',
          do: async ({ storefront }) => {
            lanes = new ParkedLanes(storefront);
            const message = { key: 'huge', value: `{"id":"huge","rest":"${'y'.repeat(1_000 * KB)}` };
            await lanes.poison(topic, { kind: 'huge', aggregate: 'huge', message }, partition);
          },
        },
        { atMs: 1_000, what: 'a topic that takes less than the service sends at once', do: split },
        {
          atMs: 2_000,
          what: 'the foreign record is parked as it came, and discarded',
          do: async (run) => {
            await eventually(
              () => run.storefront.stores.lanes('orders').countDocuments({ _id: `${topic}|huge` }),
              (count) => count === 1,
            );
            run.violated(...(await lanes.differences()), ...(await lanes.discardAll()));
          },
        },
      ],
    };
  },
};

/** Of what is too large the field is named, nothing of it is written, and the customer can still be. */
async function refused(run: FaultRun): Promise<void> {
  const { storefront } = run;
  const path = '/accounts/customers/growing';
  await registered(storefront, 'growing');
  await arrived(storefront, 'growing');
  const wide = await storefront.request('PUT', path, { name: { lastName: `${text}${text}` } });
  run.violated(...unless(wide.status === 413, `a request of 460 kB: ${wide.status}`, 'dishonest'));
  const parts = {
    'name.lastName': { name: { lastName: text } },
    'contact.primaryPhone': { contact: { primaryPhone: text } },
    addresses: customerWith('growing', { addresses: 400, text: 'x'.repeat(150) }),
  };
  for (const [field, part] of Object.entries(parts)) {
    const before = await storefront.stores.customers.findOne({ _id: 'growing' });
    const answer = await storefront.request('PATCH', path, part, { accept: 'application/problem+json' });
    const after = await storefront.stores.customers.findOne({ _id: 'growing' });
    const isHonest = answer.status === 400 && answer.text.includes(field) && before?.version === after?.version;
    const seen = `${answer.status} ${answer.text.slice(0, 300)}, version ${before?.version} → ${after?.version}`;
    run.violated(...unless(isHonest, `too much ${field}: ${seen}`, 'dishonest'));
  }
  await succeed(storefront, 'PATCH', path, { name: { firstName: 'x' } });
}

/** Batches are halved until they fit; what does not fit alone stays in its document until it does. */
async function split(run: FaultRun): Promise<void> {
  const { storefront } = run;
  const restore = await limited(run, 150 * KB);
  const ids = Array.from({ length: 30 }, (_, index) => `batched-${index}`);
  const put = (id: string, wanted: { addresses: number; text: string }) =>
    succeed(storefront, 'PUT', `/accounts/customers/${id}`, customerWith(id, wanted));
  await Promise.all(ids.map((id) => put(id, { addresses: 25, text: 'z'.repeat(500) })));
  await put('too-large-alone', { addresses: 50, text: '€'.repeat(500) });
  for (const id of ids) await arrived(storefront, id);
  await sleep(3_000);
  const left = await unpublished(storefront.stores);
  const isLeft = left.some((line) => line.includes('too-large-alone'));
  run.violated(...unless(isLeft, `too large for the topic, and not in its outbox: ${left.join('; ')}`));
  await restore();
  await arrived(storefront, 'too-large-alone');
}

/** The topic takes batches up to so many bytes, until the returned function is called. */
async function limited({ storefront }: FaultRun, maxBytes: number): Promise<() => Promise<void>> {
  const set = (bytes: number) =>
    storefront.topics.configure(topic, {
      'cleanup.policy': 'delete',
      'retention.ms': '-1',
      'max.message.bytes': String(bytes),
    });
  await set(maxBytes);
  return () => set(1_048_588);
}
