import { productCatalogue } from './product-catalogue';
import { sampleOrdersOf } from './sample-orders';

describe('the sample orders of a customer', () => {
  const orders = sampleOrdersOf('ada', 1_000_000);

  it('have the five recorded histories', () => {
    const histories = orders.map(({ state }) =>
      state.orderStatusEvents.map(({ orderStatusType, note }) =>
        note ? `${orderStatusType} (${note})` : orderStatusType,
      ),
    );
    expect(histories.map((history) => history.join(' '))).toEqual([
      'CREATED REJECTED (Primary credit card expired)',
      'CREATED APPROVED PROCESSING SHIPPED IN_TRANSIT RECEIVED',
      'CREATED APPROVED PROCESSING ON_HOLD (Items out of stock) CANCELLED (Ordered alternative items)',
      'CREATED APPROVED PROCESSING SHIPPED IN_TRANSIT RECEIVED RETURNED (Items damaged during shipping)',
      'CREATED APPROVED',
    ]);
    expect(orders.map(({ state }) => state.status)).toEqual([
      'REJECTED',
      'RECEIVED',
      'CANCELLED',
      'RETURNED',
      'APPROVED',
    ]);
  });

  it('are marked, are his, and were placed one after the other', () => {
    for (const { state } of orders) expect(state).toMatchObject({ sample: true, customerId: 'ada' });
    const times = orders.map(({ state }) => state.placedAt);
    expect(times).toEqual([999_996, 999_997, 999_998, 999_999, 1_000_000]);
    expect(new Set(orders.map(({ guid }) => guid)).size).toBe(5);
  });

  it('leave one thing to do: to fulfill or cancel the last', () => {
    expect(orders.map((order) => order.possibleCommands())).toEqual([[], [], [], [], ['cancel', 'fulfill']]);
  });

  it('hold one to four products of the catalogue, each one to five times', () => {
    const many = Array.from({ length: 200 }, () => sampleOrdersOf('ada', 1_000_000)).flat();
    const counts = many.map(({ state }) => state.orderItems.length);
    const items = many.flatMap(({ state }) => state.orderItems);
    expect(new Set(counts)).toEqual(new Set([1, 2, 3, 4]));
    expect(new Set(items.map(({ quantity }) => quantity))).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(new Set(items.map(({ product }) => product))).toEqual(new Set(productCatalogue));
  });
});
