import type { Connection, mongo } from 'mongoose';
import { connect } from '../testing/harness';
import type { AggregateDocument } from './document';
import { SharedBulk } from './shared-bulk';

type Operation = mongo.AnyBulkWriteOperation<AggregateDocument>;

let connection: Connection;
let commands: string[];

beforeAll(async () => {
  connection = await connect(undefined, { monitorCommands: true });
  connection.getClient().on('commandStarted', ({ commandName }) => commands.push(commandName));
});

afterAll(() => connection.close());

beforeEach(() => {
  commands = [];
});

const notes = () => connection.collection<AggregateDocument>('notes') as unknown as mongo.Collection<AggregateDocument>;
const bulk = () => new SharedBulk(notes);

/** As a replica's: refused where this version or a later one is there. */
function change(_id: string, version: number): Operation {
  const filter = { _id, version: { $not: { $gte: version } } };
  return { replaceOne: { filter, replacement: { version }, upsert: true } };
}

async function versionOf(_id: string): Promise<number | undefined> {
  return (await notes().findOne({ _id }))?.version;
}

describe('bulk writes of one turn', () => {
  it('go as one, and each call learns which of its own operations were refused', async () => {
    const shared = bulk();
    await shared.write([change('a', 3), change('b', 1)]);
    commands = [];
    const refused = await Promise.all([
      shared.write([change('a', 4), change('c', 1)]),
      shared.write([change('d', 1), change('a', 2), change('b', 1)]),
      shared.write([change('e', 1)]),
    ]);
    expect(commands).toEqual(['update']);
    expect(refused).toEqual([new Set(), new Set([1, 2]), new Set()]);
    expect(await Promise.all(['a', 'b', 'c', 'd', 'e'].map(versionOf))).toEqual([4, 1, 1, 1, 1]);
  });

  it('that fail are made apart: what is wrong with one is not told of another', async () => {
    const shared = bulk();
    const invalid: Operation = { updateOne: { filter: { _id: 'x' }, update: {} } };
    const results = await Promise.allSettled([shared.write([change('f', 1)]), shared.write([invalid])]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await versionOf('f')).toBe(1);
  });

  it('of an empty batch ask nothing of the store', async () => {
    expect(await bulk().write([])).toEqual(new Set());
    expect(commands).toEqual([]);
  });
});
