import type { OrderStatusType } from '@storefront/contracts';
import { aCustomer, anOrder, orderAt } from '../../test/an-order';

const requested = orderAt.APPROVED.requestFulfillment(aCustomer(), 5000);
const moved = (['PROCESSING', 'SHIPPED'] as const).reduce((order, orderStatusType, index) => {
  const event = { timestamp: 6000 + index, orderStatusType, note: null };
  const version = index + 2;
  return order.applyFulfillmentStatus({ event, version, previousVersion: index === 0 ? 0 : version - 1 }).order;
}, requested);

describe('the request to fulfill, again', () => {
  it('is byte by byte what was sent, whatever happened since', () => {
    expect(JSON.stringify(moved.requestAgain())).toBe(JSON.stringify(requested.fulfillmentRequest));
  });

  it('is not known of an order that never sent one', () => {
    expect(
      anOrder(['CREATED', 'APPROVED', 'PROCESSING'], { fulfillmentRequested: true }).requestAgain(),
    ).toBeUndefined();
  });
});

describe('an order whose reports are replaced', () => {
  const report = (orderStatusType: OrderStatusType, version: number, previousVersion: number) => ({
    event: { timestamp: 6000 + version, orderStatusType, note: 'told again' },
    version,
    previousVersion,
  });

  it('is as it was when its fulfillment was requested, where there are none, and still requested', () => {
    const { fulfillmentRequest: _, ...asRequested } = requested;
    expect(moved.replaceReports([])).toEqual({ ...asRequested, fulfillmentRequest: undefined });
    expect(moved.replaceReports([]).possibleCommands()).toEqual([]);
  });

  it('has exactly these behind its approval, and the gate at the last of them', () => {
    const { state } = moved.replaceReports([report('PROCESSING', 2, 0), report('ON_HOLD', 3, 2)]);
    expect(state.orderStatusEvents.map(({ orderStatusType, note }) => [orderStatusType, note])).toEqual([
      ['CREATED', null],
      ['APPROVED', null],
      ['PROCESSING', 'told again'],
      ['ON_HOLD', 'told again'],
    ]);
    expect(state).toMatchObject({ status: 'ON_HOLD', fulfillmentVersion: 3 });
  });

  it.each([
    ['a gap', [report('PROCESSING', 2, 0), report('SHIPPED', 4, 3)]],
    ['a move that is not allowed', [report('PROCESSING', 2, 0), report('RECEIVED', 3, 2)]],
    ['a version twice', [report('PROCESSING', 2, 0), report('SHIPPED', 2, 0)]],
  ])('stays whole as it was behind %s', (_, reports) => {
    expect(moved.replaceReports(reports)).toBe(moved);
  });

  it('stays as it is when nobody knows what it was', () => {
    const order = anOrder(['CREATED', 'APPROVED', 'PROCESSING'], { fulfillmentRequested: true });
    expect(order.replaceReports([report('PROCESSING', 2, 0)])).toBe(order);
  });
});
