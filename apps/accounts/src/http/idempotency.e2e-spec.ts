import { randomUUID } from 'node:crypto';
import { customerChanges } from '@storefront/contracts';
import { TopicTail } from '../../../../test/topic-tail';
import { type RunningAccounts, startAccounts } from '../../test/running-accounts';

const ada = {
  name: { title: 'Ms.', firstName: 'Ada', lastName: 'Byron' },
  contact: { primaryPhone: '555-1', email: 'ada@example.org' },
  addresses: [],
  creditCards: [
    { type: 'PRIMARY', description: 'VISA', number: '1234-6789-0000-0000', expiration: '1/30', nameOnCard: 'Ada' },
  ],
};
const byron = { ...ada, name: { ...ada.name, firstName: 'George' } };

describe('the registration of a customer with an Idempotency-Key', () => {
  let accounts: RunningAccounts;
  let other: RunningAccounts;
  let topic: TopicTail;

  beforeAll(async () => {
    accounts = await startAccounts();
    topic = await TopicTail.open(customerChanges.name);
    other = await another();
  });

  afterAll(async () => {
    await topic?.close();
    await other?.stop();
    await accounts?.stop();
  });

  /** Another instance on the same store. */
  function another(): Promise<RunningAccounts> {
    return startAccounts({ MONGODB_URI: `${process.env.MONGODB_URI}/${accounts.store.name}` });
  }

  async function register(key: string, body: object = ada, at = accounts) {
    const { host } = new URL(accounts.url);
    const headers = { 'idempotency-key': `"${key}"`, 'x-forwarded-host': host };
    const answer = await at.request('POST', '/customers', body, headers);
    const { status, text } = answer;
    return { status, text, location: answer.headers.get('location'), etag: answer.headers.get('etag') };
  }

  const pathOf = ({ location }: { location: string | null }) => new URL(location ?? '').pathname;
  const idOf = (answer: { location: string | null }) => pathOf(answer).split('/')[2] ?? '';
  const count = () => accounts.store.collection('customer.accounts').countDocuments({ deleted: { $ne: true } });

  it('happens once, of twenty at once at two instances, and all get the same answer', async () => {
    const [key, before] = [randomUUID(), await count()];
    const all = Array.from({ length: 20 }, (_, index) => register(key, ada, index % 2 ? accounts : other));
    const answers = await Promise.all(all);
    const [first] = answers;
    expect(first).toMatchObject({ status: 201, etag: '"1"' });
    expect(first?.location).toMatch(/\/customers\/[0-9a-f]{24}$/);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await count()).toBe(before + 1);
    await topic.versionsOf(first ? idOf(first) : '', 1);
  });

  it('is answered as the first time after changes, after a restart and after the deletion', async () => {
    const key = randomUUID();
    const first = await register(key);
    await accounts.request('PATCH', pathOf(first), { name: { firstName: 'Augusta' }, creditCards: null });
    expect(await register(key)).toEqual(first);
    await other.stop();
    other = await another();
    expect(await register(key, ada, other)).toEqual(first);
    expect((await accounts.request('GET', pathOf(first))).json).toMatchObject({ name: { firstName: 'Augusta' } });
    await accounts.request('DELETE', pathOf(first));
    expect(await register(key, ada, other)).toEqual(first);
    expect((await accounts.request('GET', pathOf(first))).status).toBe(404);
    const records = await topic.versionsOf(idOf(first), 3);
    expect(records.at(-1)?.value).toBeNull();
  });

  it('keeps nothing of a deleted customer', async () => {
    const key = randomUUID();
    const first = await register(key);
    await accounts.request('DELETE', pathOf(first));
    const documents = await accounts.store.collection('customer.accounts').find({ deleted: true }).toArray();
    const document = documents.find(({ _id }) => String(_id) === idOf(first));
    expect(document).toMatchObject({ idempotency: [{ version: 1, note: null }] });
    expect(JSON.stringify({ ...document, outbox: [] })).not.toMatch(/Byron|1234|example/);
  });

  it('is refused with problem details when the key was used for another body', async () => {
    const key = randomUUID();
    const first = await register(key);
    for (const body of [byron, { ...ada, id: `id-${randomUUID()}` }]) {
      const refused = await other.request('POST', '/customers', body, { 'idempotency-key': key });
      expect([refused.status, refused.headers.get('content-type')]).toEqual([422, 'application/problem+json']);
      expect(refused.json).toMatchObject({ status: 422, title: 'Unprocessable Entity', instance: '/customers' });
    }
    expect((await accounts.request('GET', pathOf(first))).json).toMatchObject({ name: { firstName: 'Ada' } });
  });

  it('may bring an id of its own', async () => {
    const [key, id] = [randomUUID(), `id-${randomUUID()}`];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => register(key, { ...ada, id }, index % 2 ? accounts : other)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 201, location: `${accounts.url}/customers/${id}` });
    for (const body of [ada, { ...ada, id: `${id}-2` }, { ...byron, id }]) {
      expect((await register(key, body)).status).toBe(422);
    }
    expect((await register(randomUUID(), { ...ada, id })).status).toBe(409);
    expect((await accounts.request('GET', `/customers/${id}-2`)).status).toBe(404);
  });

  it('is the same however its id is spelled', async () => {
    const [key, id] = [randomUUID(), randomUUID()];
    const first = await register(key, { ...ada, id: id.toUpperCase() });
    expect(first.status).toBe(201);
    expect(await register(key, { ...ada, id })).toEqual(first);
  });

  it('happens again with another key, or none', async () => {
    const answers = [await register(randomUUID()), await register(randomUUID())];
    const keyless = await Promise.all([1, 2].map(() => accounts.request('POST', '/customers', ada)));
    const locations = [
      ...answers.map(({ location }) => location),
      ...keyless.map(({ headers }) => headers.get('location')),
    ];
    expect(new Set(locations).size).toBe(4);
  });

  it.each(['', '""', 'x'.repeat(256), 'a, b'])('is refused with the key %j', async (key) => {
    const before = await count();
    const refused = await accounts.request('POST', '/customers', ada, { 'idempotency-key': key });
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({ errors: [{ field: 'Idempotency-Key' }] });
    expect(await count()).toBe(before);
  });

  it('can be found in the OpenAPI document', async () => {
    const { json } = await accounts.request('GET', '/v3/api-docs');
    const { post, get } = (json as { paths: Record<string, Record<string, { parameters: object[] }>> }).paths[
      '/customers'
    ] as Record<'post' | 'get', { parameters: { name: string; in: string }[] }>;
    expect(post.parameters).toMatchObject([{ name: 'Idempotency-Key', in: 'header', required: false }]);
    expect(get.parameters.filter(({ name }) => name === 'Idempotency-Key')).toEqual([]);
  });
});

describe('a write of a customer', () => {
  let accounts: RunningAccounts;

  beforeAll(async () => {
    accounts = await startAccounts();
  });

  afterAll(() => accounts?.stop());

  it('tells the version it made, with a body and without one, for reads at other services', async () => {
    const id = `id-${randomUUID()}`;
    const path = `/customers/${id}`;
    const tokenOf = async (method: string, body?: object, accept = '*/*') =>
      (await accounts.request(method, method === 'POST' ? '/customers' : path, body, { accept })).headers.get(
        'consistency-token',
      );
    expect(await tokenOf('POST', { ...ada, id })).toBe(`customer:${id}:1`);
    expect(await tokenOf('PUT', byron)).toBe(`customer:${id}:2`);
    expect(await tokenOf('PATCH', { creditCards: null })).toBe(`customer:${id}:3`);
    expect(await tokenOf('DELETE')).toBe(`customer:${id}:4`);
    expect(await tokenOf('PUT', ada)).toBe(`customer:${id}:5`);
    expect(await tokenOf('GET')).toBeNull();
  });
});
