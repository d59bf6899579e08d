import { randomUUID } from 'node:crypto';
import type { Answer } from '../http-client';
import { customerBody, orderBody } from '../system/bodies';
import { Storefront } from '../system/storefront';
import { report } from './report';

const services = ['accounts', 'orders', 'fulfillment'] as const;

let storefront: Storefront;
beforeAll(async () => {
  storefront = await Storefront.start();
});
afterAll(() => storefront?.stop());

async function post(path: string, body?: object, key?: string): Promise<Answer> {
  return storefront.request('POST', path, body, key === undefined ? {} : { 'idempotency-key': key });
}

async function succeed(path: string, body?: object, key?: string): Promise<Answer> {
  const answer = await post(path, body, key);
  if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
  return answer;
}

/** An order that Fulfillment has. */
async function requested(customer: string): Promise<string> {
  const { json } = await succeed(`/orders/customers/${customer}/orders`, orderBody);
  const { guid } = json as { guid: string };
  for (const command of ['approve', 'fulfill']) await succeed(`/orders/orders/${guid}/${command}`);
  return guid;
}

it('killed between the write and the answer, the same request again hears what it did, and does it once', async () => {
  await succeed('/accounts/customers', { ...customerBody('ada'), id: 'ada' }, randomUUID());
  await storefront.settled();
  const guid = await requested('ada');
  await storefront.settled();
  const requests: [path: string, body: object, key: string][] = [
    ['/accounts/customers', customerBody('bob'), randomUUID()],
    ['/orders/customers/ada/orders', orderBody, randomUUID()],
    [`/fulfillment/fulfillments/${guid}/process`, { note: 'once' }, randomUUID()],
  ];

  const dead = await Promise.all(services.map((service) => storefront.restartToDieAt(service, 'document-written')));
  const cutOff = await Promise.all(requests.map((request) => post(...request)));
  expect(cutOff.map(({ status }) => status)).toEqual([503, 503, 503]);
  expect(await Promise.all(dead.map((one) => one.dead))).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL']);
  await Promise.all(services.map((service) => storefront.restart(service)));

  for (const round of [1, 2]) {
    const answers = await Promise.all(requests.map((request) => post(...request)));
    expect([round, ...answers.map(({ status }) => status)]).toEqual([round, 201, 201, 200]);
    expect(answers.map(({ headers }) => headers.get('etag'))).toEqual(['"1"', '"1"', '"2"']);
  }
  await storefront.settled();
  const named = (await storefront.stores.replicas.find().toArray()).filter((one) =>
    JSON.stringify(one).includes('"bob"'),
  );
  expect(named).toHaveLength(1);
  expect((await storefront.request('GET', '/orders/customers/ada/orders')).json).toMatchObject({
    page: { totalElements: 2 },
  });
  const { json } = await storefront.request('GET', `/orders/orders/${guid}`);
  expect((json as { orderStatusEvents: object[] }).orderStatusEvents).toHaveLength(3);
  report(
    '3 services killed between write and answer, requests repeated',
    'each done once, each answered as if nothing was',
  );
});
