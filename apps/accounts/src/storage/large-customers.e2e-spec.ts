import { followPages } from '../../../../test/followed-pages';
import { type RunningAccounts, startAccounts } from '../../test/running-accounts';
import { customerModel } from './customer.schema';

const MiB = 1024 * 1024;

/** Written past the service, which would take none so large. */
async function insert(accounts: RunningAccounts, ids: readonly string[], bytes: (index: number) => number) {
  const collection = accounts.store.collection(customerModel.collection);
  for (const [index, id] of ids.entries()) {
    await collection.insertOne({
      _id: id as never,
      version: 1,
      name: { firstName: `n${index}`, lastName: 'Large' },
      contact: { primaryPhone: '1', email: 'e' },
      addresses: [{ type: 'HOME', address1: 'x'.repeat(bytes(index)) }],
      creditCards: [],
    });
  }
}

const idsOf = (count: number) => Array.from({ length: count }, (_, index) => `c-${String(index).padStart(4, '0')}`);
const pathOf = (id: string) => `/customers/${id}`;

describe('customers of 250 KB', () => {
  const ids = idsOf(120);
  let accounts: RunningAccounts;

  beforeAll(async () => {
    accounts = await startAccounts();
    await insert(accounts, ids, () => 250_000);
  }, 60_000);

  afterAll(() => accounts?.stop());

  it('come in pages of 4 MiB, each once', async () => {
    const { elements, bytes, pages } = await followPages(accounts, '/customers?size=400');
    expect(elements).toEqual(ids.map(pathOf));
    expect(Math.max(...bytes)).toBeLessThan(4 * MiB + 10_000);
    expect(pages[0]).toMatchObject({
      page: { size: 400, totalElements: 120, totalPages: 1, number: 0, returned: 16 },
      _links: { next: { href: `${accounts.url}/customers?page=1&size=16` } },
    });
    expect(pages.length).toBeLessThan(15);
  });

  it('come once whatever they are sorted by, and wherever the client begins', async () => {
    const sorted = await followPages(accounts, '/customers?page=1&size=37&sort=contact.email,desc');
    expect(sorted.elements).toEqual(ids.slice(37).map(pathOf));
    expect(sorted.pages.at(-1)?.page.returned).toBeUndefined();
  });

  it('are all in the summary, and as URIs on one page', async () => {
    const { text } = await accounts.request('GET', '/customers/summary');
    expect(JSON.parse(text).customers.map(({ id }: { id: string }) => id)).toEqual(ids);
    const part = await accounts.request('GET', '/customers/summary?page=1&size=50');
    expect(JSON.parse(part.text).customers.map(({ id }: { id: string }) => id)).toEqual(ids.slice(50, 100));
    const uris = await accounts.request('GET', '/customers?size=400', undefined, { accept: 'text/uri-list' });
    expect(uris.text.split('\n').filter(Boolean)).toEqual(ids.map((id) => accounts.url + pathOf(id)));
  });

  it('are answered to 30 clients at once, or those are asked to come again', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => accounts.request('GET', '/customers?size=400')));
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].every((status) => status === 200 || status === 503)).toBe(true);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(8);
    for (const { headers } of answers.filter(({ status }) => status === 503)) {
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await accounts.request('GET', '/customers?size=1')).status).toBe(200);
  });
});

describe('a page that ends early', () => {
  let accounts: RunningAccounts;
  const ids = idsOf(60);

  beforeAll(async () => {
    accounts = await startAccounts({ HTTP_MAX_PAGE_BYTES: '20000' });
    await insert(accounts, ids, (index) => [10, 3_000, 500, 30_000, 7_000][index % 5] ?? 0);
  });

  afterAll(() => accounts?.stop());

  it.each(['', '?size=60', '?size=13', '?size=1', '?size=1000&sort=name.lastName'])(
    'leads to the rest of elements of many lengths: %s',
    async (query) => {
      const { elements, bytes, pages } = await followPages(accounts, `/customers${query}`);
      expect(elements).toEqual(ids.map(pathOf));
      expect(Math.max(...bytes)).toBeLessThan(20_000 + 33_000);
      for (const { page, _embedded } of pages) {
        if (page.returned !== undefined) expect(_embedded['customers']?.length).toBe(page.returned);
      }
    },
  );

  it('has its last element alone when that is longer than a page', async () => {
    const { json } = await accounts.request('GET', '/customers?page=3&size=1');
    expect(json).toMatchObject({ _embedded: { customers: [expect.anything()] }, page: { number: 3, size: 1 } });
    expect((json as { page: object }).page).not.toHaveProperty('returned');
  });
});
