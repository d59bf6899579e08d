import type { Connection } from 'mongoose';
import { connect, eventually, publishing } from '../../testing/harness';
import { readTopic } from '../../testing/kafka';
import { type Note, noteTopic, written } from '../../testing/note';
import { AggregateStore } from '../aggregate-store';

const CLIENTS = 50;
const WRITES = 6;

/**
 * Two instances that write one aggregate repeat events: R3 has each of them send the other's that are not cleared yet, R7 the
 * newest once more. The number that is printed is the measure (docs/adr/0028); the bounds are wide, for a busy machine.
 */
it('50 clients that change one aggregate through two instances have events sent twice, not four times', async () => {
  const connection: Connection = await connect();
  const topic = noteTopic('state', 1);
  const instances = [0, 1].map(() => {
    const parts = publishing(topic);
    const collection = connection.collection('notes');
    return { parts, store: new AggregateStore<Note, string>(collection, parts.publisher, { topic, snapshot }) };
  });
  const [first] = instances;
  await first!.store.insert('hot', written('hot', '1'));
  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    const { store } = instances[client % 2]!;
    for (let write = 0; write < WRITES; write++) {
      const change = () => store.change('hot', ({ version }) => written('hot', String(version + 1)));
      // refused after 30 conflicts: then again, as a client does
      while (!(await change().catch(() => undefined)));
    }
  });
  await Promise.all(clients);
  const pending = () => connection.collection('notes').countDocuments({ outboxSince: { $exists: true } });
  for (const { parts } of instances) parts.sweep.start();
  await eventually(pending, (count) => count === 0, 30_000);
  await Promise.all(instances.map(({ parts }) => parts.stop()));
  const versions = (await readTopic(topic.name)).map(({ headers }) => Number(headers.ce_aggregateversion));
  const resent = (await Promise.all(instances.map(({ parts }) => parts.metrics.resent.get())))
    .flatMap(({ values }) => values)
    .reduce((sum, { value }) => sum + value, 0);
  const events = CLIENTS * WRITES + 1;
  process.stdout.write(
    `amplification: ${versions.length} records for ${events} events (${(versions.length / events).toFixed(2)} each), ` +
      `${resent} of them to restore the order\n`,
  );
  expect([...new Set(versions)]).toEqual(Array.from({ length: events }, (_, index) => index + 1));
  expect(versions.at(-1)).toBe(events);
  expect(resent).toBeLessThan(events / 3);
  expect(versions.length).toBeLessThan(events * 3);
  await connection.close();
}, 120_000);

function snapshot({ state }: { state: Note }) {
  return { type: 'note.changed', value: state };
}
