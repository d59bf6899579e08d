import { Load } from '../faults/load';
import { customerBody } from '../system/bodies';
import { command } from '../system/command';
import { Storefront } from '../system/storefront';
import { again, versionOf } from '../system/topic-records';
import { Operator } from './operator';

const changes = 'accounts.customer.change';

let storefront: Storefront;
let operator: Operator;

beforeAll(async () => {
  storefront = await Storefront.start();
  operator = new Operator(storefront);
  for (const id of ['ada', 'kim', 'gone']) await operator.succeed('PUT', `/accounts/customers/${id}`, customerBody(id));
  await operator.succeed('PATCH', '/accounts/customers/kim', { name: { suffix: 'II' } });
  await operator.succeed('DELETE', '/accounts/customers/gone');
  await storefront.settled();
});
afterAll(() => storefront.stop());

it('rebuilds an emptied replica while everything goes on, from a topic that ends with an old version', async () => {
  const { replicas } = storefront.stores;
  const rebuild = (...args: string[]) => command('rebuild', args, storefront.operations);
  const live = await replicas.countDocuments();
  const old = (await storefront.topics.read(changes)).find(
    (record) => String(record.key) === 'kim' && versionOf(record) === 1,
  );
  if (!old) throw new Error('the first version of kim is not on the topic');
  await replicas.deleteMany({});
  await storefront.topics.send(changes, [again(old)]);
  const shown = await rebuild();
  expect(shown).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/accounts: [1-9]\d* customers, orders: [01]\n/),
  });
  expect(await replicas.countDocuments()).toBeLessThanOrEqual(1);

  const load = new Load(storefront.gatewayUrls, { seed: 11, workers: 1, pauseMs: 100 }).start();
  const done = await rebuild('--apply', '--rate', '2000');
  await load.stop();
  expect(done).toMatchObject({ code: 0, stdout: expect.stringMatching(/[1-9]\d* sent/) });
  await storefront.settled();
  expect(await replicas.countDocuments()).toBeGreaterThanOrEqual(live);
  expect(await replicas.findOne({ _id: 'kim' })).toMatchObject({ version: 2 });
  expect((await operator.reconcile()).code).toBe(0);
});

it('lets a stopped Orders read the topic from its beginning, not a running one', async () => {
  const { replicas } = storefront.stores;
  const anew = (...args: string[]) => command('rebuild', ['--from-topic', ...args], storefront.operations);
  expect(await anew('--apply')).toMatchObject({ code: 1, stderr: expect.stringContaining('orders is running') });
  await storefront.terminate('orders');
  await replicas.deleteMany({});
  expect(await anew()).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing was changed') });
  expect(await anew('--apply')).toMatchObject({ code: 0, stderr: '' });
  await storefront.restart('orders');
  await storefront.settled();
  expect(await replicas.findOne({ _id: 'kim' })).toMatchObject({ version: 2 });
  expect((await operator.reconcile()).code).toBe(0);
});
