import type { Connection } from 'mongoose';
import { connect, consuming, type ConsumingParts, eventually } from '../../testing/harness';
import { Kafka, message } from '../../testing/kafka';
import { noteTopic } from '../../testing/note';

describe('a consumer that has 100,000 events before it', () => {
  let connection: Connection;
  let kafka: Kafka;
  let parts: ConsumingParts | undefined;

  beforeAll(async () => {
    [connection, kafka] = await Promise.all([connect(), Kafka.connect()]);
  });

  afterAll(async () => {
    await parts?.stop();
    await kafka.close();
    await connection.close();
  });

  const thousand = (from: number) => Array.from({ length: 1_000 }, (_, index) => message(`n${from + index}`, 1));

  it('takes them in bounded parts, and in bounded memory', async () => {
    const topic = noteTopic('state', 3);
    await kafka.create(topic);
    for (let start = 0; start < 100_000; start += 1_000) await kafka.send(topic, ...thousand(start));
    const handled = new Set<unknown>();
    let [running, mostRunning, largest, mostMemory] = [0, 0, 0, 0];
    const before = process.memoryUsage().rss;
    parts = await consuming(
      topic,
      connection,
      async (events) => {
        mostRunning = Math.max(mostRunning, ++running);
        largest = Math.max(largest, events.length);
        mostMemory = Math.max(mostMemory, process.memoryUsage().rss);
        await new Promise((resolve) => setTimeout(resolve, 5));
        for (const { id } of events as { id: string }[]) handled.add(id);
        running--;
        return events.map(() => 'applied' as const);
      },
      { group: topic.name },
    );
    await eventually(
      () => handled.size,
      (count) => count === 100_000,
      120_000,
    );
    expect(largest).toBe(500);
    expect(mostRunning).toBeLessThanOrEqual(3);
    // 188 MiB were measured; 4 MiB a fetch, decoded, and what the garbage collector leaves lying
    expect((mostMemory - before) / 1024 / 1024).toBeLessThan(400);
  }, 240_000);
});
