import { randomUUID } from 'node:crypto';
import type { mongo } from 'mongoose';
import { command } from '../../../../test/system/command';
import { type RunningAccounts, startAccounts } from '../../test/running-accounts';

const ada = {
  name: { title: 'Ms.', firstName: 'Ada', lastName: 'Byron' },
  contact: { primaryPhone: '555-1', email: 'ada@example.org' },
  addresses: [],
};

describe('customers whose ids were stored in upper case', () => {
  let accounts: RunningAccounts;
  let customers: mongo.Collection<{ _id: string }>;

  beforeAll(async () => {
    accounts = await startAccounts();
    customers = accounts.store.collection<{ _id: string }>('customer.accounts');
  });

  afterAll(() => accounts?.stop());

  const migrate = async (...args: string[]) => {
    const uri = accounts.uri;
    const ended = await command('migrate-ids', ['--service', 'accounts', '--mongodb', uri, '--json', ...args], {});
    return { code: ended.code, ...(JSON.parse(ended.stdout || '{}') as object), stderr: ended.stderr };
  };

  it('are found again under the same id once they are moved, unless somebody else has it', async () => {
    const [moved, mixed, twice, copied] = Array.from({ length: 4 }, () => randomUUID()) as [
      string,
      string,
      string,
      string,
    ];
    const plain = 'NOT-AN-ID-ABC';
    const stored = { ...ada, version: 3, creditCards: [], recentEventIds: ['a', 'b', 'c'] };
    // randomUUID may have no letter
    const upper = (id: string) => `A${id.slice(1)}`.toUpperCase();
    const lower = (id: string) => upper(id).toLowerCase();
    await customers.insertMany([
      { _id: upper(moved), ...stored },
      { _id: `A${lower(mixed).slice(1)}`, ...stored },
      { _id: upper(twice), ...stored },
      { _id: lower(twice), ...stored, version: 1 },
      // a run that was ended in between
      { _id: upper(copied), ...stored },
      { _id: lower(copied), ...stored },
      { _id: plain, ...stored },
    ]);
    expect((await accounts.request('GET', `/customers/${upper(moved)}`)).status).toBe(404);
    expect(await migrate()).toMatchObject({ code: 1, applied: false, found: 4, moved: 0, taken: [upper(twice)] });
    expect(await migrate('--apply')).toMatchObject({ code: 1, applied: true, found: 4, moved: 3, orders: 0 });
    for (const id of [moved, mixed, copied]) {
      const { status, headers, json } = await accounts.request('GET', `/customers/${upper(id)}`);
      expect([status, headers.get('etag'), json]).toMatchObject([200, '"3"', ada]);
      const url = `${accounts.url}/customers/${lower(id)}`;
      expect(json).toMatchObject({ _links: { self: { href: url } } });
      expect((await accounts.request('PATCH', `/customers/${lower(id)}`, { addresses: [] })).status).toBe(200);
    }
    const left = await customers.find({ _id: { $in: [...[moved, twice, copied].map(upper), plain] } }).toArray();
    expect(left.map(({ _id }) => _id).toSorted()).toEqual([upper(twice), plain].toSorted());
    expect(await migrate('--apply')).toMatchObject({ code: 1, found: 1, moved: 0 });
  });

  it('are not looked for where nobody says in which service', async () => {
    expect(await command('migrate-ids', ['--mongodb', 'mongodb://h'], {})).toMatchObject({ code: 2, stdout: '' });
  });
});
