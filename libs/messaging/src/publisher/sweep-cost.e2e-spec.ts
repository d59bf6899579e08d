import type { Connection } from 'mongoose';
import { connect, eventually, publishing, type PublishingParts } from '../../testing/harness';
import { type Note, noteTopic } from '../../testing/note';
import { AggregateStore } from '../aggregate-store';
import type { AggregateDocument } from '../document';

const DOCUMENTS = 100_000;
const LOOKS = 3;

interface Command {
  readonly name: string;
  readonly at: number;
  readonly tookMs: number;
}

/** What a sweep costs that finds nothing. */
describe('an idle sweep', () => {
  const topic = noteTopic();
  const commands: Command[] = [];
  let connection: Connection;
  let parts: PublishingParts;

  beforeAll(async () => {
    connection = await connect(undefined, { monitorCommands: true });
    connection.getClient().on('commandSucceeded', ({ commandName, duration }) => {
      commands.push({ name: commandName, at: performance.now() - duration, tookMs: duration });
    });
  });

  beforeEach(() => {
    parts = publishing(topic, { started: false });
  });

  afterEach(() => parts.stop(0));
  afterAll(() => connection.close());

  /** Commands of so many looks, the first of which made the index. */
  async function looks(collection: string): Promise<Command[]> {
    new AggregateStore<Note, string>(connection.collection(collection), parts.publisher, { topic });
    commands.length = 0;
    parts.sweep.start();
    await eventually(finds, (found) => found.length === LOOKS, 120_000);
    await parts.sweep.stop();
    return [...commands];
  }

  const finds = () => commands.filter(({ name }) => name === 'find');

  it('is one command a look, every 2 s at most, and an index over marked documents only', async () => {
    const sent = await looks('none');
    expect(sent.map(({ name }) => name)).toEqual(['createIndexes', 'find', 'find', 'find']);
    expect(restsOf(sent).every((ms) => ms >= 2_000)).toBe(true);
    const indexes = await connection.collection('none').indexes();
    expect(indexes.find(({ name }) => name === 'outbox')).toMatchObject({
      key: { outboxSince: 1 },
      partialFilterExpression: { outboxSince: { $exists: true } },
    });
  });

  it('is the same over 100,000 documents: where a look takes long, it is made less often', async () => {
    const documents = connection.collection<AggregateDocument>('many');
    for (let start = 0; start < DOCUMENTS; start += 10_000) {
      const some = Array.from({ length: 10_000 }, (_, n) => ({ _id: `n${start + n}`, version: 1, outbox: [] }));
      await documents.insertMany(some);
    }
    const sent = await looks('many');
    expect(sent.map(({ name }) => name)).toEqual(['createIndexes', 'find', 'find', 'find']);
    const took = sent.filter(({ name }) => name === 'find').map(({ tookMs }) => tookMs);
    for (const [index, restMs] of restsOf(sent).entries()) {
      expect(restMs).toBeGreaterThanOrEqual(Math.min(Math.max(2_000, 50 * (took[index] ?? 0)), 30_000) - 50);
    }
  }, 240_000);
});

/** From the end of a look to the beginning of the next one. */
function restsOf(sent: readonly Command[]): number[] {
  const finds = sent.filter(({ name }) => name === 'find');
  return finds.slice(1).map(({ at }, index) => at - (finds[index]?.at ?? 0) - (finds[index]?.tookMs ?? 0));
}
