import { customerChanges } from '@storefront/contracts';
import { randomUUID } from 'node:crypto';
import { TopicTail } from '../../../../test/topic-tail';
import { type RunningAccounts, startAccounts } from '../../test/running-accounts';

const visa = {
  type: 'PRIMARY',
  description: 'VISA',
  number: '1234-6789-0000-0000',
  expiration: '1/30',
  nameOnCard: 'Ada Byron',
};
const { number: _, ...told } = visa;
/** As the store has it. */
const kept = { ...told, last4: '0000', brand: null, hash: expect.any(String) as string };
const home = { type: 'SHIPPING', description: 'home', address1: '1 St', city: 'X', state: 'CA', postalCode: '1' };
const ada = {
  name: { title: 'Ms.', firstName: 'Ada', lastName: 'Byron' },
  contact: { primaryPhone: '555-1', email: 'ada@example.org' },
  addresses: [home],
  creditCards: [visa],
};
const shown = {
  name: { title: 'Ms.', firstName: 'Ada', middleName: null, lastName: 'Byron', suffix: null },
  contact: { primaryPhone: '555-1', secondaryPhone: null, email: 'ada@example.org' },
  addresses: [{ ...home, address2: null }],
  creditCards: [{ ...visa, number: '****-****-****-0000' }],
};

describe('customers', () => {
  let accounts: RunningAccounts;
  let topic: TopicTail;

  beforeAll(async () => {
    accounts = await startAccounts();
    topic = await TopicTail.open(customerChanges.name);
  });

  afterAll(async () => {
    await topic?.close();
    await accounts?.stop();
  });

  const path = (id: string) => `/customers/${id}`;
  const fields = (json: unknown) => (json as { errors: { field: string }[] }).errors.map(({ field }) => field);
  const stored = (id: string) => accounts.store.collection('customer.accounts').findOne({ _id: id as never });

  async function registered(body: object = ada): Promise<string> {
    const id = randomUUID();
    const answer = await accounts.request('POST', '/customers', { ...body, id });
    expect(answer.status).toBe(201);
    return id;
  }

  it('are created under a new id, with their location and their masked cards', async () => {
    const answer = await accounts.request('POST', '/customers', ada);
    const location = answer.headers.get('location') ?? '';
    expect(answer.status).toBe(201);
    expect(location).toMatch(new RegExp(`^${accounts.url}/customers/[0-9a-f]{24}$`));
    expect(answer.json).toEqual({ ...shown, _links: { self: { href: location }, customer: { href: location } } });
    expect(answer.headers.get('content-type')).toContain('application/hal+json');
    expect((await accounts.request('GET', new URL(location).pathname)).json).toEqual(answer.json);
  });

  it('are published whole, but without their cards', async () => {
    const id = await registered();
    const [record] = await topic.versionsOf(id, 1);
    expect(record?.value).toBe(
      `{"id":"${id}","name":{"title":"Ms.","firstName":"Ada","middleName":null,"lastName":"Byron","suffix":null},` +
        '"contact":{"primaryPhone":"555-1","secondaryPhone":null,"email":"ada@example.org"},' +
        '"addresses":[{"type":"SHIPPING","description":"home","address1":"1 St","address2":null,"city":"X","state":"CA","postalCode":"1"}]}',
    );
    expect(record?.headers).toMatchObject({
      ce_specversion: '1.0',
      ce_source: '/accounts',
      ce_type: 'storefront.customer.changed',
      ce_subject: id,
      ce_aggregateversion: '1',
      'content-type': 'application/json',
    });
    expect(record?.headers).not.toHaveProperty('__TypeId__');
  });

  it('are replaced, then brought back after their deletion, each under its next version', async () => {
    const id = await registered();
    const replacement = { ...ada, name: { ...ada.name, firstName: 'Augusta' }, creditCards: null };
    const replaced = await accounts.request('PUT', path(id), replacement);
    expect([replaced.status, replaced.headers.get('location')]).toEqual([200, accounts.url + path(id)]);
    expect(replaced.json).toMatchObject({ name: { firstName: 'Augusta' }, creditCards: null });

    expect((await accounts.request('DELETE', path(id))).status).toBe(204);
    const gone = await accounts.request('GET', path(id));
    expect([gone.status, gone.text]).toEqual([404, '']);
    expect(await stored(id)).toMatchObject({ version: 3, deleted: true });
    expect(await stored(id)).not.toHaveProperty('name');
    expect((await accounts.request('DELETE', path(id))).status).toBe(404);

    expect((await accounts.request('PUT', path(id), ada)).status).toBe(201);
    expect((await accounts.request('GET', path(id))).status).toBe(200);

    const records = await topic.versionsOf(id, 4);
    expect(records.map(({ headers }) => headers.ce_aggregateversion)).toEqual(['1', '2', '3', '4']);
    expect(records.map(({ headers }) => headers.ce_previousversion)).toEqual(['0', '1', '2', '3']);
    expect(records.map(({ value }) => value === null)).toEqual([false, false, true, false]);
    expect(records[2]?.headers.ce_type).toBe('storefront.customer.deleted');
    expect(new Set(records.map(({ partition }) => partition)).size).toBe(1);
  });

  it('can be created by PUT, under an id of hex digits too', async () => {
    const hex = randomUUID().replaceAll('-', '').slice(0, 24).toUpperCase();
    const answer = await accounts.request('PUT', path(hex), { ...ada, id: 'ignored' });
    expect([answer.status, answer.headers.get('location')]).toEqual([201, accounts.url + path(hex.toLowerCase())]);
    expect((await accounts.request('GET', path(hex))).status).toBe(200);
    const [record] = await topic.versionsOf(hex.toLowerCase(), 1);
    expect(JSON.parse(record?.value ?? '')).toMatchObject({ id: hex.toLowerCase() });
  });

  it('are patched member by member, arrays by index', async () => {
    const id = await registered();
    const patch = {
      name: { firstName: 'Augusta' },
      contact: { secondaryPhone: '9' },
      addresses: [{ type: 'BILLING' }, { ...home, description: 'second' }],
    };
    const answer = await accounts.request('PATCH', path(id), patch);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      name: { title: 'Ms.', firstName: 'Augusta' },
      contact: { primaryPhone: '555-1', secondaryPhone: '9' },
      addresses: [
        { type: 'BILLING', description: 'home', city: 'X' },
        { type: 'SHIPPING', description: 'second', address2: null },
      ],
    });
    const cleared = await accounts.request('PATCH', path(id), { contact: { secondaryPhone: null } });
    expect(cleared.json).toMatchObject({ contact: { primaryPhone: '555-1', secondaryPhone: null } });
    expect((await stored(id))?.creditCards).toEqual([kept]);
  });

  it('keep their card numbers when the masked ones come back, and take no others', async () => {
    const id = await registered();
    expect((await accounts.request('PUT', path(id), shown)).status).toBe(200);
    expect((await stored(id))?.creditCards).toEqual([kept]);

    const wrong = { ...shown, creditCards: [{ ...visa, number: '****-****-****-1111' }] };
    for (const [method, body] of [
      ['PUT', wrong],
      ['PATCH', { creditCards: [{ number: '****-****-****-1111' }] }],
    ] as const) {
      const answer = await accounts.request(method, path(id), body);
      expect([method, answer.status, fields(answer.json)]).toEqual([method, 400, ['creditCards[0].number']]);
    }
    expect(await stored(id)).toMatchObject({ version: 2, creditCards: [kept] });
    const unknown = await accounts.request('POST', '/customers', shown);
    expect([unknown.status, fields(unknown.json)]).toEqual([400, ['creditCards[0].number']]);
  });

  it('are refused with the fields that are wrong, and nothing is stored', async () => {
    const id = randomUUID();
    const before = await accounts.store.collection('customer.accounts').countDocuments();
    const body = { name: { title: 'Ms.' }, addresses: [{ ...home, type: 'billing' }], id };
    const answer = await accounts.request('POST', '/customers', body);
    expect([answer.status, fields(answer.json)]).toEqual([
      400,
      ['name.firstName', 'name.lastName', 'contact', 'addresses[0].type'],
    ]);
    expect((await accounts.request('PUT', path(id), { name: ada.name })).status).toBe(400);
    expect((await accounts.request('POST', '/customers', '{"name":')).status).toBe(400);
    expect((await accounts.request('POST', '/customers', '')).status).toBe(400);
    expect(await accounts.store.collection('customer.accounts').countDocuments()).toBe(before);
  });

  it('keep a patch from changing their id or emptying what they need', async () => {
    const id = await registered();
    const other = await accounts.request('PATCH', path(id), { id: 'zzz' });
    expect([other.status, fields(other.json)]).toEqual([400, ['id']]);
    expect((await accounts.request('PATCH', path(id), { id, contact: { email: 'a@b' } })).status).toBe(200);
    const emptied = await accounts.request('PATCH', path(id), { name: { firstName: null }, contact: null });
    expect([emptied.status, fields(emptied.json)]).toEqual([400, ['name.firstName', 'contact']]);
    expect((await accounts.request('PATCH', path(id), '[1]')).status).toBe(400);
    expect((await accounts.request('PATCH', path(randomUUID()), {})).status).toBe(404);
  });

  it('refuse an id that is taken, by a deleted customer too, or that does not fit a path', async () => {
    const id = await registered();
    expect((await accounts.request('POST', '/customers', { ...ada, id })).status).toBe(409);
    await accounts.request('DELETE', path(id));
    expect((await accounts.request('POST', '/customers', { ...ada, id })).status).toBe(409);
    for (const bad of ['a/b', 'summary', 'x'.repeat(65)]) {
      const answer = await accounts.request('POST', '/customers', { ...ada, id: bad });
      expect([answer.status, fields(answer.json)]).toEqual([400, ['id']]);
    }
    expect((await accounts.request('PUT', path('a%20b'), ada)).status).toBe(400);
  });

  it('say what the methods of reserved words are', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const summary = await accounts.request(method, '/customers/summary', method === 'DELETE' ? undefined : ada);
      expect([method, summary.status, summary.headers.get('allow')]).toEqual([method, 405, 'GET']);
    }
    expect((await accounts.request('PUT', '/customers/sample', ada)).headers.get('allow')).toBe('GET,POST');
    expect((await accounts.request('PUT', '/customers/search', ada)).status).toBe(405);
  });

  it('are too large above 256 KiB', async () => {
    const name = { ...ada.name, suffix: 'x'.repeat(256 * 1024) };
    expect((await accounts.request('POST', '/customers', { ...ada, name })).status).toBe(413);
  });

  it('are written only over the version the client has seen', async () => {
    const id = await registered();
    const read = await accounts.request('GET', path(id));
    expect(read.headers.get('etag')).toBe('"1"');
    expect((await accounts.request('PUT', path(id), ada, { 'if-match': '"1"' })).status).toBe(200);
    for (const [method, body] of [['PUT', ada], ['PATCH', { name: { suffix: 'x' } }], ['DELETE']] as const) {
      const late = await accounts.request(method, path(id), body, { 'if-match': '"1"' });
      expect([method, late.status]).toEqual([method, 412]);
    }
    expect(await stored(id)).toMatchObject({ version: 2 });
  });
});
