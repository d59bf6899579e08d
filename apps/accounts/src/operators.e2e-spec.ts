import { customerChanges } from '@storefront/contracts';
import { type RunningAccounts, startAccounts } from '../test/running-accounts';

const authorization = `Basic ${Buffer.from('ops:secret').toString('base64')}`;

describe('operators of accounts', () => {
  let accounts: RunningAccounts;

  beforeAll(async () => {
    accounts = await startAccounts({ MANAGEMENT_USERNAME: 'ops', MANAGEMENT_PASSWORD: 'secret' });
  });

  afterAll(() => accounts?.stop());

  function operate(line: string, body?: unknown) {
    const [method = '', path = ''] = line.split(' ');
    return accounts.request(method, `/actuator/${path}`, body, { authorization });
  }

  it.each(['digest', 'republish'])('reach %s by the management user alone', async (path) => {
    expect((await accounts.request('GET', `/actuator/${path}`)).status).toBe(401);
    expect((await operate(`GET ${path}`)).status).toBe(200);
    expect((await accounts.request('GET', '/v3/api-docs')).text).not.toContain(`/actuator/${path}`);
  });

  it('read what can be compared, a page at a time and by id', async () => {
    const topics = [{ topic: customerChanges.name, role: 'owner', ordering: 'state' }];
    expect((await operate('GET digest')).json).toMatchObject({ topics });
    const { json } = await operate(`GET digest/${customerChanges.name}?size=1`);
    expect((json as { entries: unknown[] }).entries.length).toBeLessThanOrEqual(1);
    const asked = await operate(`POST digest/${customerChanges.name}`, { ids: ['nobody'] });
    expect([asked.status, asked.json]).toMatchObject([200, { entries: [] }]);
  });

  it.each([
    ['neither ids nor all', 'POST republish', { topic: customerChanges.name }, 400],
    ['versions without raise', 'POST republish', { topic: customerChanges.name, all: true, above: { x: 1 } }, 400],
    ['pages of none', `GET digest/${customerChanges.name}?size=0`, undefined, 400],
    ['a topic of others', 'GET digest/orders.order.fulfill', undefined, 404],
    ['a job nobody began', 'GET republish/none', undefined, 404],
    ['what is parked where nothing is consumed', 'GET parked', undefined, 404],
  ] as const)('are refused %s', async (_case, line, body, status) => {
    const answer = await operate(line, body);
    expect(answer.status).toBe(status);
    if (line !== 'GET parked') expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('have events sent again', async () => {
    const begun = await operate('POST republish', { topic: customerChanges.name, ids: ['nobody'] });
    expect([begun.status, begun.json]).toMatchObject([202, { topic: customerChanges.name, ids: 1, rate: 200 }]);
    const { id } = begun.json as { id: string };
    expect((await operate(`GET republish/${id}`)).json).toMatchObject({ id });
  });
});
