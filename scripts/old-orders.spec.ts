import { oldOrdersOf } from './old-orders';

const at = 1_795_226_905_904;
const item = { product: { guid: 'g', title: 'Green Widget', description: 'Gorgeous', price: '11.99' }, quantity: 4 };
const order = (guid: string, ...history: string[]) => ({
  guid,
  orderStatusEvents: history.map((orderStatusType) => ({ timestamp: at, orderStatusType })),
  orderItems: [item],
});

it('takes an order as the original stores it', () => {
  expect(oldOrdersOf('6b00fd16738d8201e1471e45', [order('a', 'CREATED', 'APPROVED', 'PROCESSING')])).toEqual({
    refused: [],
    orders: [
      {
        guid: 'a',
        state: {
          customerId: '6b00fd16738d8201e1471e45',
          placedAt: at,
          status: 'PROCESSING',
          orderStatusEvents: ['CREATED', 'APPROVED', 'PROCESSING'].map((orderStatusType) => ({
            timestamp: at,
            orderStatusType,
            note: null,
          })),
          orderItems: [{ product: { ...item.product, price: 11.99 }, quantity: 4 }],
          fulfillmentRequested: true,
          fulfillmentVersion: 0,
        },
      },
    ],
  });
});

it.each([
  [['CREATED'], false],
  [['CREATED', 'APPROVED'], false],
  [['CREATED', 'REJECTED'], false],
  [['CREATED', 'APPROVED', 'PROCESSING', 'ON_HOLD', 'CANCELLED'], true],
])('leaves %j to Fulfillment: %s', (history, requested) => {
  const { orders } = oldOrdersOf('c', [order('a', ...history)]);
  expect(orders[0]?.state.fulfillmentRequested).toBe(requested);
});

it('names what is wrong with one, and takes the others', () => {
  const { orders, refused } = oldOrdersOf('c', [
    order('a', 'CREATED', 'LOST'),
    { ...order('b', 'CREATED'), orderItems: [{ ...item, product: { ...item.product, price: 'much' } }] },
    order('c'),
    order('d', 'CREATED'),
    7,
  ]);
  expect(orders.map(({ guid }) => guid)).toEqual(['d']);
  expect(refused.map(({ guid, why }) => [guid, why.split(':')[0]])).toEqual([
    ['a', 'orders.0.orderStatusEvents.1.orderStatusType'],
    ['b', 'orders.1.orderItems.0.product.price'],
    ['c', 'orders.2.orderStatusEvents'],
    [undefined, 'orders.4'],
  ]);
});

it.each([undefined, null, []])('finds none in %j', (orders) => {
  expect(oldOrdersOf('c', orders)).toEqual({ orders: [], refused: [] });
});

it('says so where they are no list', () => {
  expect(oldOrdersOf('c', 'x').refused).toEqual([
    { customerId: 'c', guid: undefined, why: 'orders: a list is expected' },
  ]);
});
