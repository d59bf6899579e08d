import { databaseUri, readSettings } from './system-settings';

test.each([
  ['mongodb://localhost:27017', 'mongodb://localhost:27017/orders'],
  ['mongodb://localhost:27017/', 'mongodb://localhost:27017/orders'],
  ['mongodb://a:1,b:2,c:3/other?replicaSet=rs0', 'mongodb://a:1,b:2,c:3/orders?replicaSet=rs0'],
  ['mongodb+srv://cluster.example.com/?retryWrites=true', 'mongodb+srv://cluster.example.com/orders?retryWrites=true'],
])("a service's database on the server of %s", (given, expected) => {
  expect(databaseUri(given, 'orders')).toBe(expected);
});

test.each([
  ['mongodb://me:secret@localhost', 'mongodb://me:secret@localhost/orders?authSource=admin'],
  ['mongodb://me:secret@localhost/users', 'mongodb://me:secret@localhost/orders?authSource=users'],
  ['mongodb://me:secret@localhost/?authSource=here', 'mongodb://me:secret@localhost/orders?authSource=here'],
  [
    'mongodb+srv://c.example.com/?authMechanism=MONGODB-AWS',
    'mongodb+srv://c.example.com/orders?authMechanism=MONGODB-AWS',
  ],
])('who logs in does so where %s says', (given, expected) => {
  expect(databaseUri(given, 'orders')).toBe(expected);
});

test('an address that is none is refused without its password', () => {
  expect(() => databaseUri('postgres://me:secret@localhost', 'orders')).toThrow('MONGODB_URI is not a MongoDB address');
  expect(() => databaseUri('postgres://me:secret@localhost', 'orders')).not.toThrow('secret');
});

test('the ports have their defaults, and 0 means any free one', async () => {
  const { ports } = await readSettings({ ORDERS_PORT: '0', GATEWAY_PORT: '8888' });
  expect(ports).toMatchObject({
    kafka: 9092,
    mongodb: 27_017,
    accounts: 8085,
    fulfillment: 8095,
    gateway: 8888,
    management: 8079,
  });
  expect(ports.orders).toBeGreaterThan(1_024);
});

test('a port that is none is named with its variable', async () => {
  await expect(readSettings({ ORDERS_PORT: 'eighty' })).rejects.toThrow('ORDERS_PORT=eighty is not a port.');
});

test('the management password is generated unless given', async () => {
  const [one, other] = await Promise.all([readSettings({}), readSettings({})]);
  expect(one.managementPassword).not.toBe(other.managementPassword);
  expect((await readSettings({ MANAGEMENT_PASSWORD: 'mine' })).managementPassword).toBe('mine');
});
