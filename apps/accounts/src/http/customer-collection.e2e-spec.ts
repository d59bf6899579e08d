import { customerChanges } from '@storefront/contracts';
import { TopicTail } from '../../../../test/topic-tail';
import { type RunningAccounts, startAccounts } from '../../test/running-accounts';

interface Summary {
  customers: { id: string; name: { lastName: string }; creditCards: { number: string }[] }[];
}

describe('all customers', () => {
  let accounts: RunningAccounts;

  beforeEach(async () => {
    accounts = await startAccounts();
  });

  afterEach(() => accounts.stop());

  const summary = async (query = '') => (await accounts.request('GET', `/customers/summary${query}`)).json as Summary;

  async function register(id: string, lastName: string): Promise<void> {
    const name = { title: 'Ms.', firstName: 'Ada', lastName };
    const body = { name, contact: { primaryPhone: '1', email: 'e' }, addresses: [] };
    expect((await accounts.request('PUT', `/customers/${id}`, body)).status).toBe(201);
  }

  it('are the three sample ones after the sample URL, however often it is called', async () => {
    const first = await accounts.request('GET', '/customers/sample');
    expect([first.status, first.text]).toEqual([201, 'Sample customer accounts created']);
    expect(first.headers.get('content-type')).toMatch(/^text\/plain;\s*charset=utf-8$/i);
    const second = await accounts.request('POST', '/customers/sample');
    expect([second.status, second.text]).toEqual([201, 'Sample customer accounts created']);
    const { customers } = await summary();
    expect(customers.map(({ name }) => name.lastName)).toEqual(['Doe', 'Smith', 'Blackstone']);
    await Promise.all([1, 2, 3].map(() => accounts.request('GET', '/customers/sample')));
    expect(await summary()).toEqual({ customers });
  });

  it('keep what is not sample data when sample data is replaced', async () => {
    await register('mine', 'Byron');
    await accounts.request('POST', '/customers/sample');
    const [john, mary, susan] = (await summary()).customers
      .filter(({ id }) => id !== 'mine')
      .map(({ id }) => `/customers/${id}`) as [string, string, string];
    await accounts.request('PATCH', mary, { name: { lastName: 'Changed' } });
    await accounts.request('DELETE', john);
    await accounts.request('DELETE', susan);
    await register(susan.split('/')[2] ?? '', 'Squatter');
    await accounts.request('POST', '/customers/sample');
    const names = (await summary()).customers.map(({ name }) => name.lastName);
    expect(names.toSorted()).toEqual(['Blackstone', 'Byron', 'Doe', 'Smith', 'Squatter']);
  });

  it('are published by the sample URL', async () => {
    const topic = await TopicTail.open(customerChanges.name);
    try {
      await accounts.request('POST', '/customers/sample');
      const id = (await summary()).customers[0]?.id ?? '';
      const [record] = await topic.versionsOf(id, 1);
      expect(record?.value).toContain(`{"id":"${id}","name":{"title":"Mr.","firstName":"John",`);
      expect(record?.value).not.toContain('card');
    } finally {
      await topic.close();
    }
  });

  it('are one compact text in the summary, with ids and nulls, with masked cards', async () => {
    expect((await accounts.request('GET', '/customers/summary')).text).toBe('{"customers":[]}');
    await accounts.request('POST', '/customers/sample');
    const answer = await accounts.request('GET', '/customers/summary');
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.text).toMatch(
      /^\{"customers":\[\{"id":"[0-9a-f]{24}","name":\{"title":"Mr.",.*"address2":null,.*\]\}$/,
    );
    const numbers = (answer.json as Summary).customers.flatMap((one) => one.creditCards.map(({ number }) => number));
    expect(numbers).toEqual(['0000', '6666', '0000', '9090'].map((digits) => `****-****-****-${digits}`));
    const head = await accounts.request('HEAD', '/customers/summary');
    expect([head.status, head.text]).toEqual([200, '']);
  });

  it('come sorted by id, both ways', async () => {
    for (const name of ['C', 'A', 'B']) await register(`by-id-${name}`, name);
    const idsOf = async (sort: string) => {
      const { json } = await accounts.request('GET', `/customers?size=1000&sort=${sort}`);
      const { customers } = (json as { _embedded: { customers: { _links: { self: { href: string } } }[] } })._embedded;
      return customers.map(({ _links }) => _links.self.href).filter((href) => href.includes('/by-id-'));
    };
    const ids = await idsOf('id');
    expect(ids.map((href) => href.slice(-1))).toEqual(['A', 'B', 'C']);
    expect(await idsOf('id,desc')).toEqual(ids.toReversed());
  });

  it('come in pages, sorted as asked', async () => {
    for (const name of ['C', 'A', 'B']) await register(`customer-${name}`, name);
    const page = await accounts.request('GET', '/customers?size=2&sort=name.lastName,desc');
    const href = (query: string) => ({ href: `${accounts.url}/customers?${query}` });
    expect(page.json).toMatchObject({
      _embedded: { customers: [{ name: { lastName: 'C' } }, { name: { lastName: 'B' } }] },
      _links: {
        self: href('size=2&sort=name.lastName,desc'),
        next: href('page=1&size=2&sort=name.lastName,desc'),
        last: href('page=1&size=2&sort=name.lastName,desc'),
      },
      page: { size: 2, totalElements: 3, totalPages: 2, number: 0 },
    });
    await accounts.request('DELETE', '/customers/customer-B');
    expect((await accounts.request('GET', '/customers?page=1&size=2')).json).toMatchObject({
      _embedded: { customers: [] },
      page: { totalElements: 2, totalPages: 1, number: 1 },
    });
    expect((await summary('?page=1&size=1')).customers.map(({ id }) => id)).toEqual(['customer-C']);
  });

  it('of the original service can be read and changed', async () => {
    const customers = accounts.store.collection('customer.accounts');
    const { insertedId } = await customers.insertOne({
      name: { title: 'Ms.', firstName: 'Mary', lastName: 'Smith' },
      contact: { primaryPhone: '456-789-0001', email: 'mary@example.org' },
      addresses: [],
      creditCards: [
        { type: 'PRIMARY', description: 'VISA', number: '4545-6767-8989-0000', expiration: '7/21', nameOnCard: 'Mary' },
      ],
      _class: 'com.storefront.model.Customer',
    });
    await customers.insertOne({ _class: 'com.storefront.model.Customer' });
    const path = `/customers/${insertedId.toHexString()}`;
    const read = await accounts.request('GET', path);
    expect(read.json).toMatchObject({
      name: { middleName: null, suffix: null },
      creditCards: [{ number: '****-****-****-0000' }],
    });
    expect((await accounts.request('GET', '/customers')).status).toBe(200);
    expect((await accounts.request('PATCH', path, { name: { suffix: 'Jr.' } })).status).toBe(200);
    const written = await customers.findOne({ _id: insertedId });
    expect(written).toMatchObject({
      version: 1,
      name: { lastName: 'Smith', suffix: 'Jr.' },
      creditCards: [{ last4: '0000', brand: 'VISA', expiration: '7/21' }],
    });
    expect(JSON.stringify(written)).not.toContain('6767');
  });

  it('have no sample URL unless sample data is enabled', async () => {
    const closed = await startAccounts({ SAMPLE_DATA: 'disabled' });
    try {
      expect((await closed.request('GET', '/customers/sample')).status).toBe(404);
      expect((await closed.request('POST', '/customers/sample')).status).toBe(404);
      expect((await closed.request('GET', '/customers/summary')).text).toBe('{"customers":[]}');
    } finally {
      await closed.stop();
    }
  });

  it('are found from the root', async () => {
    expect((await accounts.request('GET', '/')).json).toEqual({
      _links: {
        customers: { href: `${accounts.url}/customers{?page,size,sort}`, templated: true },
        profile: { href: `${accounts.url}/profile` },
      },
    });
  });
});
