import { randomUUID } from 'node:crypto';
import { type RunningAccounts, startAccounts } from '../../test/running-accounts';

const ada = {
  name: { title: 'Ms.', firstName: 'Ada', lastName: 'Byron' },
  contact: { primaryPhone: '555-1', email: 'ada@example.org' },
  addresses: [],
  creditCards: [
    { type: 'PRIMARY', description: 'VISA', number: '1234-6789-0000-0000', expiration: '1/30', nameOnCard: 'Ada' },
  ],
};

const newPath = () => `/customers/id-${randomUUID()}`;

describe('a customer', () => {
  let accounts: RunningAccounts;

  beforeAll(async () => {
    accounts = await startAccounts();
  });

  afterAll(() => accounts?.stop());

  const put = async (path: string, headers: Record<string, string> = {}) =>
    (await accounts.request('PUT', path, ada, headers)).status;

  it('is only added where the client says so, and only replaced where it says that', async () => {
    const path = newPath();
    expect(await put(path, { 'if-match': '*' })).toBe(412);
    expect(await put(path, { 'if-match': '"1"' })).toBe(412);
    expect(await put(path, { 'if-match': '"0"' })).toBe(412);
    expect(await put(path, { 'if-none-match': '*' })).toBe(201);
    expect(await put(path, { 'if-none-match': '*' })).toBe(412);
    expect(await put(path, { 'if-match': '"7", "1"' })).toBe(200);
    const wrong = [
      ['if-match', '"1", W/"2"'],
      ['if-none-match', '*'],
    ] as const;
    for (const [name, value] of wrong) {
      const { status, headers } = await accounts.request('PUT', path, ada, { [name]: value });
      expect([status, headers.get('etag')]).toEqual([412, '"2"']);
    }
    await accounts.request('DELETE', path);
    expect(await put(path, { 'if-match': '*' })).toBe(412);
    // deleted at version 3: there is nothing that could have this tag
    expect(await put(path, { 'if-match': '"3"' })).toBe(412);
    expect(await put(path, { 'if-none-match': '*' })).toBe(201);
  });

  it('is not changed by who says with If-None-Match which version it must not be at', async () => {
    const path = newPath();
    await put(path);
    const write = async (method: string, tag: string) => {
      const body = { PUT: ada, PATCH: { creditCards: null } }[method];
      const { status, headers } = await accounts.request(method, path, body, { 'if-none-match': tag });
      return [status, headers.get('etag')];
    };
    for (const method of ['PUT', 'PATCH', 'DELETE'])
      for (const tag of ['"1"', 'W/"1"', '"7", "1"', '*']) expect(await write(method, tag)).toEqual([412, '"1"']);
    expect((await write('PATCH', '"1", *'))[0]).toBe(400);
    expect(await write('PUT', '"7"')).toEqual([200, '"2"']);
    expect(await write('PATCH', '"1"')).toEqual([200, '"3"']);
    expect((await write('DELETE', '"2"'))[0]).toBe(204);
    expect((await write('PATCH', '*'))[0]).toBe(404);
  });

  it('is not registered under the id of one who was deleted, who can be restored', async () => {
    const path = newPath();
    await put(path);
    await accounts.request('DELETE', path);
    const refused = await accounts.request('POST', '/customers', { ...ada, id: path.slice(11) });
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('by what was deleted')]);
    const restored = await accounts.request('PUT', path, ada);
    expect([restored.status, restored.headers.get('etag')]).toEqual([201, '"3"']);
  });

  it('has an id that is written in either case, and answered in lower case', async () => {
    const id = randomUUID();
    const posted = await accounts.request('POST', '/customers', { ...ada, id: id.toUpperCase() });
    expect([posted.status, posted.headers.get('location')]).toEqual([201, `${accounts.url}/customers/${id}`]);
    const upper = `/customers/${id.toUpperCase()}`;
    expect((await accounts.request('PUT', upper, ada)).status).toBe(200);
    const patched = await accounts.request('PATCH', upper, { id: id.toUpperCase(), creditCards: null });
    const self = { href: `${accounts.url}/customers/${id}` };
    expect([patched.status, patched.json]).toMatchObject([200, { _links: { self } }]);
    expect((await accounts.request('DELETE', upper)).status).toBe(204);
    expect((await accounts.request('GET', `/customers/${id}`)).status).toBe(404);
  });

  it('is refused with the field in which half of a character stands', async () => {
    // JSON.stringify writes half of a character as an escape
    const halved = { ...ada, name: { ...ada.name, firstName: '\ud800' } };
    const { status, json } = await accounts.request('PUT', newPath(), halved);
    expect([status, json]).toMatchObject([400, { errors: [{ field: 'name.firstName' }] }]);
  });

  it('is patched by JSON Patch as he is shown: a card number can neither be read nor tested', async () => {
    const path = newPath();
    await put(path);
    const type = { 'content-type': 'application/json-patch+json' };
    const patch = (...operations: object[]) => accounts.request('PATCH', path, operations, type);
    const number = '/creditCards/0/number';
    expect((await patch({ op: 'test', path: number, value: '1234-6789-0000-0000' })).status).toBe(400);
    const copied = await patch(
      { op: 'test', path: number, value: '****-****-****-0000' },
      { op: 'copy', from: number, path: '/name/suffix' },
      { op: 'add', path: '/addresses/-', value: { ...address, type: 'BILLING' } },
    );
    expect([copied.status, copied.json]).toMatchObject([
      200,
      { name: { suffix: '****-****-****-0000' }, addresses: [{ type: 'BILLING', address2: null }] },
    ]);
    const stored = await accounts.store.collection('customer.accounts').findOne({ _id: path.slice(11) as never });
    expect(stored).toMatchObject({ creditCards: [{ last4: '0000', hash: expect.stringMatching(/^test:/) }] });
    expect((await patch({ op: 'add', path: '/id', value: 'other' })).json).toMatchObject({ errors: [{ field: 'id' }] });
    expect((await patch({ op: 'remove', path: '/name' })).json).toMatchObject({ errors: [{ field: 'name' }] });
    expect((await accounts.request('GET', path)).headers.get('etag')).toBe('"2"');
  });
});

const address = { description: 'home', address1: '1 St', city: 'X', state: 'CA', postalCode: '1' };

describe('where REQUIRE_IF_MATCH is enabled', () => {
  let accounts: RunningAccounts;

  beforeAll(async () => {
    accounts = await startAccounts({ REQUIRE_IF_MATCH: 'enabled' });
  });

  afterAll(() => accounts?.stop());

  it('a customer is not changed by who names no version', async () => {
    const path = newPath();
    expect((await accounts.request('PUT', path, ada)).status).toBe(428);
    expect((await accounts.request('PUT', path, ada, { 'if-none-match': '*' })).status).toBe(201);
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const refused = await accounts.request(method, path, method === 'DELETE' ? undefined : ada);
      expect([method, refused.status, refused.json]).toMatchObject([method, 428, { message: expect.any(String) }]);
    }
    expect((await accounts.request('PATCH', path, { creditCards: null }, { 'if-match': '"1"' })).status).toBe(200);
    expect((await accounts.request('DELETE', path, undefined, { 'if-match': '"2"' })).status).toBe(204);
  });
});
