import type { Message } from 'kafkajs';
import type { Connection } from 'mongoose';
import { connect, consuming, type ConsumingParts, eventually } from '../../testing/harness';
import { Kafka, message } from '../../testing/kafka';
import { noteTopic } from '../../testing/note';
import { replicating } from '../../testing/replicating';
import { lanesOf } from '../parked/collections';
import type { EventHandler } from './event-handling';

const BAD = 'n250';
/** A hanging event costs 20 s. */
const LIMIT_MS = 180_000;

describe('one bad record in a bulk of 500', () => {
  let connection: Connection;
  let kafka: Kafka;
  const started: ConsumingParts[] = [];

  beforeAll(async () => {
    [connection, kafka] = await Promise.all([connect(), Kafka.connect()]);
  });

  afterAll(async () => {
    await Promise.all(started.map((parts) => parts.stop()));
    await kafka.close();
    await connection.close();
  });

  const messages = () => Array.from({ length: 500 }, (_, index) => message(`n${index}`, 1));

  /** Sends 500 records, consumes them all, and says what came of them. */
  async function consumed(records: Message[], around: (handler: EventHandler) => EventHandler = (handler) => handler) {
    const topic = noteTopic('state', 1);
    await kafka.create(topic);
    await kafka.send(topic, ...records);
    const { handler, idsOf } = replicating(connection, topic.name.replaceAll('.', '-'));
    const parts = await consuming(topic, connection, around(handler), { group: topic.name });
    started.push(parts);
    const { consumer } = parts;
    let outside = 0;
    await eventually(
      () => kafka.committed(topic.name, topic),
      (offset) => {
        if (offset >= 0 && consumer.trouble) outside++;
        return offset === 500;
      },
      LIMIT_MS,
    );
    const parked = await lanesOf(connection).find({ topic: topic.name }).toArray();
    return { idsOf, parked, outside, parts };
  }

  const others = messages()
    .map(({ key }) => String(key))
    .filter((id) => id !== BAD)
    .sort();

  it('that breaks its schema is parked, the other 499 are applied once', async () => {
    const records = messages();
    records[250] = { ...message(BAD, 1), value: JSON.stringify({ id: BAD, text: 7 }) };
    const { idsOf, parked } = await consumed(records);
    expect(idsOf('applied').sort()).toEqual(others);
    expect(parked.map(({ reason }) => reason)).toEqual([expect.stringMatching(/^text: /)]);
  });

  it('that its handler throws on is parked, the other 499 are applied once', async () => {
    const { idsOf, parked } = await consumed(messages(), (handler) => async (events) => {
      if (events.some(({ id }) => id === BAD)) throw new TypeError('this one');
      return handler(events);
    });
    expect(idsOf('applied').sort()).toEqual(others);
    expect(parked.map(({ _id, reason }) => [_id.split('|')[1], reason])).toEqual([
      [BAD, 'the handler failed: TypeError: this one'],
    ]);
  });

  it(
    'that its handler hangs at is parked by a consumer that stays in its group, the other 499 are applied once',
    async () => {
      const { idsOf, parked, outside, parts } = await consumed(messages(), (handler) => async (events) => {
        if (events.some(({ id }) => id === BAD)) await new Promise(() => undefined);
        return handler(events);
      });
      expect(idsOf('applied').sort()).toEqual(others);
      expect(parked.map(({ _id, reason }) => [_id.split('|')[1], reason])).toEqual([
        [BAD, expect.stringMatching(/^the handler failed: HandlerHangs: no answer within 5000 ms/)],
      ]);
      expect(outside).toBe(0);
      expect((await parts.metrics.consumed.get()).values.find(({ labels }) => labels.outcome === 'parked')?.value).toBe(
        1,
      );
    },
    LIMIT_MS + 60_000,
  );

  it(
    'that its handler hangs at once is applied in a smaller batch, and does no harm when the first comes back after all',
    async () => {
      const late = Promise.withResolvers<void>();
      let [hung, cameBack] = [false, false];
      const { idsOf, parked } = await consumed(messages(), (handler) => async (events) => {
        if (hung || !events.some(({ id }) => id === BAD)) return handler(events);
        hung = true;
        await late.promise;
        const outcomes = await handler(events);
        cameBack = true;
        return outcomes;
      });
      expect(parked).toEqual([]);
      expect(idsOf('applied').sort()).toEqual([...others, BAD].sort());
      late.resolve();
      await eventually(
        () => cameBack,
        (back) => back,
      );
      expect(idsOf('applied')).toHaveLength(500);
      expect(idsOf('duplicate')).toHaveLength(500);
    },
    LIMIT_MS + 60_000,
  );
});
