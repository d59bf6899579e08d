import { eventually } from '../eventually';
import { httpClient } from '../http-client';
import { Load } from '../faults/load';
import { customerBody } from '../system/bodies';
import { command } from '../system/command';
import { documentId } from '../system/stores';
import { Storefront } from '../system/storefront';
import { again, header, versionOf } from '../system/topic-records';
import { Operator, problems } from './operator';

const changes = 'accounts.customer.change';
const hexId = '5f0000000000000000000001';
const customerIds = ['ada', 'bob', 'eve', 'dan', 'kim', 'gone', hexId];

let storefront: Storefront;
let operator: Operator;

beforeAll(async () => {
  storefront = await Storefront.start();
  operator = new Operator(storefront);
  for (const id of customerIds) await operator.succeed('PUT', `/accounts/customers/${id}`, customerBody(id));
  for (const id of customerIds)
    await operator.succeed('PATCH', `/accounts/customers/${id}`, { name: { suffix: 'II' } });
  await operator.succeed('DELETE', '/accounts/customers/gone');
  await storefront.settled();
});
afterAll(() => storefront.stop());

it('finds nothing where nothing has drifted', async () => {
  const { code, report } = await operator.reconcile();
  expect(problems(report)).toEqual([]);
  expect({ code, clean: report.clean }).toEqual({ code: 0, clean: true });
  expect(report.comparisons.find(({ link }) => link === 'customers')?.compared).toBe(customerIds.length);
});

it('finds exactly the copies of customers that are wrong, and heals them', async () => {
  const { replicas } = storefront.stores;
  await replicas.updateOne({ _id: 'ada' }, { $set: { 'contact.email': 'wrong@example.org' } });
  await replicas.deleteOne({ _id: documentId(hexId) });
  await replicas.insertOne({ _id: 'ghost', version: 3, ...customerBody('ghost') });
  await replicas.updateOne({ _id: 'bob' }, { $set: { version: 1, 'name.suffix': null } });
  await replicas.updateOne({ _id: 'eve' }, { $set: { version: 9, 'name.lastName': 'Future' } });
  await replicas.replaceOne({ _id: 'gone' }, { version: 3, ...customerBody('undead') });
  const drifted = [
    `customers ${hexId}: missing`,
    'customers ada: different',
    'customers bob: stale',
    'customers eve: ahead',
    'customers ghost: extra',
    'customers gone: different',
  ];
  const found = await operator.reconcile();
  expect(problems(found.report)).toEqual(drifted);
  expect(found.code).toBe(1);

  const healed = await operator.reconcile('--repair');
  expect(problems({ comparisons: healed.report.found ?? [] })).toEqual(drifted);
  expect(problems(healed.report)).toEqual([]);
  expect(healed.code).toBe(0);
  await storefront.settled();
  expect(await replicas.findOne({ _id: 'eve' })).toMatchObject({ version: 10, name: { lastName: 'eve' } });
  expect(await replicas.findOne({ _id: 'ghost' })).toMatchObject({ version: 4, deleted: true });
  expect((await operator.reconcile()).code).toBe(0);
});

it('heals the others where a copy has a version that no owner counts to, and says what a person can do', async () => {
  const { replicas } = storefront.stores;
  const wrong = { ada: 0, bob: 'three' as never, eve: Number.MAX_SAFE_INTEGER };
  for (const [_id, version] of Object.entries(wrong)) await replicas.updateOne({ _id }, { $set: { version } });
  const { drift } = (await operator.reconcile('--repair')).report.comparisons[0] ?? {};
  expect(drift).toMatchObject([{ id: 'eve', advice: expect.stringContaining('take it out of the copy') }]);
  await replicas.deleteOne({ _id: 'eve' });
  expect((await operator.reconcile('--repair')).code).toBe(0);
});

it('finds a topic whose last record of a customer is not the newest one', async () => {
  const records = (await storefront.topics.read(changes)).filter(({ key }) => String(key) === 'kim');
  const old = records.find((record) => versionOf(record) === 1);
  if (!old) throw new Error('the first version of kim is not on the topic');
  await storefront.topics.send(changes, [again(old)]);
  const found = await operator.reconcile();
  expect(problems(found.report)).toEqual(['customers, tail kim: stale']);
  expect((await operator.reconcile('--repair')).code).toBe(0);
  const last = (await storefront.topics.read(changes)).findLast(({ key }) => String(key) === 'kim');
  expect(last && versionOf(last)).toBe(2);
});

it('finds orders and fulfillments that disagree, and heals what messages can heal', async () => {
  const { orders, fulfillments } = storefront.stores;
  const [tampered, behind, lost, lostEarly, fine, unsent] = await Promise.all(
    ['ada', 'bob', 'eve', 'dan', 'kim', 'ada'].map((id) => operator.orderFor(id)),
  );
  await storefront.settled();
  for (const guid of [tampered, behind, lost, fine]) await operator.move(guid, 'process', 'hold', 'process', 'ship');
  await operator.move(unsent, 'process');
  await storefront.settled();
  const before = await orders.findOne({ _id: behind });
  // what the copies must come back to
  const right = await Promise.all([tampered, behind].map((guid) => orders.findOne({ _id: guid })));

  const wrong = before?.orderStatusEvents?.with(2, { timestamp: 1, orderStatusType: 'PROCESSING', note: 'tampered' });
  await orders.updateOne({ _id: tampered }, { $set: { orderStatusEvents: wrong } });
  const short = before?.orderStatusEvents?.slice(0, 3);
  await orders.updateOne(
    { _id: behind },
    { $set: { orderStatusEvents: short, status: 'PROCESSING', fulfillmentVersion: 2 } },
  );
  await fulfillments.deleteOne({ _id: lostEarly });
  await fulfillments.updateOne({ _id: unsent }, { $set: { 'address.city': 'Elsewhere' } });
  const drifted = [
    `fulfillment requests ${lostEarly}: missing`,
    `fulfillment requests ${unsent}: different`,
    `status reports ${behind}: stale`,
    `status reports ${tampered}: different`,
  ].toSorted();
  const found = await operator.reconcile();
  expect(problems(found.report)).toEqual(drifted);

  const healed = await operator.reconcile('--repair');
  expect(problems(healed.report)).toEqual([]);
  await storefront.settled();
  for (const [index, guid] of [tampered, behind].entries()) {
    const { orderStatusEvents, status, fulfillmentVersion } = right[index] ?? {};
    expect(await orders.findOne({ _id: guid })).toMatchObject({ orderStatusEvents, status, fulfillmentVersion });
  }
  expect(await fulfillments.findOne({ _id: unsent })).toMatchObject({ address: { city: 'London' } });
  // what the carrier has says what was sent: a person decides
  const { address } = (await fulfillments.findOne({ _id: fine })) ?? {};
  await fulfillments.updateOne({ _id: fine }, { $set: { 'address.city': 'Elsewhere' } });
  const sent = await operator.reconcile('--repair');
  expect(problems(sent.report)).toEqual([`fulfillment requests ${fine}: different`]);
  expect(sent.code).toBe(1);
  await fulfillments.updateOne({ _id: fine }, { $set: { address } });
  // as after a backup of Fulfillment from before the first report was brought back
  await fulfillments.deleteOne({ _id: lost });
  expect((await operator.reconcile('--repair')).code).toBe(0);
  expect(await orders.findOne({ _id: lost })).toMatchObject({ status: 'APPROVED', fulfillmentVersion: 0 });
  await operator.move(lost, 'process');
  await storefront.settled();
});

it("answers at the gateway's management port too, to who knows the password", async () => {
  const { MANAGEMENT_USERNAME: username, MANAGEMENT_PASSWORD: password } = storefront.operations;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const atManagement = httpClient(storefront.gatewayManagementUrl);
  expect((await storefront.request('POST', '/actuator/reconcile', undefined, { authorization })).status).toBe(404);
  expect((await atManagement('POST', '/actuator/reconcile')).status).toBe(401);
  const { status, json } = await atManagement('POST', '/actuator/reconcile', undefined, { authorization });
  expect(status).toBe(200);
  expect(json).toMatchObject({ clean: true });
});

it('sends events again byte by byte', async () => {
  for (const topic of [changes, 'orders.order.fulfill', 'fulfillment.order.change']) {
    const before = await storefront.topics.read(topic);
    const { code, stdout } = await command('republish', ['--topic', topic, '--all'], storefront.operations);
    expect([topic, code, stdout]).toEqual([topic, 0, expect.stringMatching(/done: [1-9]\d* sent, 0 raised/)]);
    const records = await storefront.topics.read(topic);
    const key = (record: (typeof records)[number]) => `${String(record.key)} ${header(record, 'ce_aggregateversion')}`;
    const known = new Map(before.map((record) => [key(record), record]));
    const resent = records.filter(
      ({ partition, offset }) =>
        offset > Math.max(-1, ...before.filter((r) => r.partition === partition).map((r) => r.offset)),
    );
    expect(resent.length).toBeGreaterThan(0);
    for (const record of resent) {
      const first = known.get(key(record));
      // of a state topic no version but the newest is known any more, and nobody asks for the one before
      const previous = (it: typeof first) => (topic === changes ? [] : header(it ?? record, 'ce_previousversion'));
      const shown = (it: typeof first) => it && [String(it.value), previous(it), header(it, 'ce_type')];
      expect([key(record), shown(record)]).toEqual([key(record), shown(first)]);
    }
  }
  await storefront.settled();
});

it('takes nothing for drift that is on its way', async () => {
  const load = new Load(storefront.gatewayUrls, { seed: 7, workers: 4, pauseMs: 10 }).start();
  await eventually(
    () => load.ledger.customers.size,
    (count) => count > 20,
  );
  const { report } = await operator.reconcile('--pause', '0.2', '--page', '10');
  await load.stop();
  expect(problems(report)).toEqual([]);
  await storefront.settled();
  expect((await operator.reconcile()).code).toBe(0);
});

it('loses nothing when a topic gets more partitions', async () => {
  const more = ['--topic', changes, '--count', '6'];
  const shown = await command('partitions', more, storefront.operations);
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('has 3 partitions, and would have 6.') });
  expect(shown.stdout).toContain('Nothing was changed: --apply does it.');
  const grown = await command('partitions', [...more, '--apply'], storefront.operations);
  expect(grown).toMatchObject({ code: 0, stdout: expect.stringContaining('6 partitions instead of 3') });
  for (const service of ['accounts', 'orders'] as const) await storefront.restart(service);
  for (const id of ['ada', 'bob', 'eve', 'dan', 'kim']) {
    await operator.succeed('PATCH', `/accounts/customers/${id}`, { contact: { email: `${id}-grown@example.org` } });
  }
  await storefront.settled();
  const partitions = new Set((await storefront.topics.read(changes)).map(({ partition }) => partition));
  expect(partitions.size).toBeGreaterThan(3);
  expect((await operator.reconcile()).code).toBe(0);
});

it('tells what waits from what is wrong', async () => {
  const guid = await operator.orderFor('kim');
  await storefront.settled();
  const { orders } = storefront.stores;
  const order = await orders.findOneAndDelete({ _id: guid });
  if (!order) throw new Error('the order is not there');
  await operator.move(guid, 'process');
  const lane = `fulfillment.order.change|${guid}`;
  await eventually(
    () => storefront.stores.lanes('orders').countDocuments({ _id: lane }),
    (count) => count === 1,
  );
  const { report } = await operator.reconcile();
  expect(problems(report)).toEqual([`fulfillment requests ${guid}: extra`]);
  expect(report.comparisons.flatMap(({ inFlight }) => inFlight)).toEqual([
    { link: 'status reports', id: guid, why: 'its events are parked' },
  ]);
  await orders.insertOne(order);
  await storefront.settled();
  expect((await operator.reconcile()).code).toBe(0);
});
