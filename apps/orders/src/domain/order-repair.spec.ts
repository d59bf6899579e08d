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

describe('an order that forgets its reports', () => {
  it('is as it was when its fulfillment was requested, and still requested', () => {
    const { fulfillmentRequest: _, ...asRequested } = requested;
    expect(moved.forgetReports()).toEqual({ ...asRequested, fulfillmentRequest: undefined });
    expect(moved.forgetReports().possibleCommands()).toEqual([]);
  });

  it('takes all reports anew', () => {
    const event = { timestamp: 6000, orderStatusType: 'PROCESSING', note: null } as const;
    const { outcome, order } = moved.forgetReports().applyFulfillmentStatus({ event, version: 2, previousVersion: 0 });
    expect(outcome).toBe('applied');
    expect(order.state).toMatchObject({ status: 'PROCESSING', fulfillmentVersion: 2 });
  });

  it('stays as it is when nobody knows what it was', () => {
    const order = anOrder(['CREATED', 'APPROVED', 'PROCESSING'], { fulfillmentRequested: true });
    expect(order.forgetReports()).toBe(order);
  });
});
