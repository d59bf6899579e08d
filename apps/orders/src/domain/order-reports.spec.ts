import { OrderStatusType } from '@storefront/contracts';
import { anOrder, orderAt, type Place, places } from '../../test/an-order';
import type { Order } from './order';
import type { StatusReport } from './status-report';

const taken: Partial<Record<Place, OrderStatusType[]>> = {
  'APPROVED and requested': ['PROCESSING', 'CANCELLED'],
  PROCESSING: ['SHIPPED', 'ON_HOLD', 'CANCELLED'],
  'ON_HOLD after processing': ['PROCESSING', 'CANCELLED'],
  SHIPPED: ['IN_TRANSIT'],
  IN_TRANSIT: ['RECEIVED'],
  RECEIVED: ['RETURNED'],
};

const afterRequest: OrderStatusType[] = ['SHIPPED', 'IN_TRANSIT', 'RECEIVED', 'RETURNED'];
/** What the order may still come to, but not yet. */
const early: Partial<Record<Place, OrderStatusType[]>> = {
  CREATED: ['PROCESSING', 'ON_HOLD', 'CANCELLED', ...afterRequest],
  'ON_HOLD before approval': ['PROCESSING', 'CANCELLED', ...afterRequest],
  APPROVED: ['PROCESSING', 'ON_HOLD', 'CANCELLED', ...afterRequest],
  'APPROVED and requested': ['ON_HOLD', ...afterRequest],
  PROCESSING: ['IN_TRANSIT', 'RECEIVED', 'RETURNED'],
  'ON_HOLD after processing': afterRequest,
  SHIPPED: ['RECEIVED', 'RETURNED'],
  IN_TRANSIT: ['RETURNED'],
};

const everyReport = places.flatMap((place) =>
  OrderStatusType.options.map((status) => ({ place, status, isTaken: taken[place]?.includes(status) ?? false })),
);
const takenReports = everyReport.filter(({ isTaken }) => isTaken);
const otherReports = everyReport.filter(({ isTaken }) => !isTaken);
const isEarly = ({ place, status }: { place: Place; status: OrderStatusType }) =>
  early[place]?.includes(status) ?? false;

function event(orderStatusType: OrderStatusType, timestamp = 9000): StatusReport['event'] {
  return { timestamp, orderStatusType, note: 'n' };
}

function unversioned(status: OrderStatusType, timestamp?: number): StatusReport {
  return { event: event(status, timestamp), version: undefined, previousVersion: undefined };
}

/** The report that follows what the order has. */
function next(order: Order, status: OrderStatusType, timestamp?: number): StatusReport {
  const { fulfillmentVersion } = order.state;
  return {
    event: event(status, timestamp),
    version: fulfillmentVersion + 1,
    previousVersion: fulfillmentVersion,
  };
}

describe('a report with a version', () => {
  it.each(takenReports)('of $status is taken by an order that is $place', ({ place, status }) => {
    const before = orderAt[place];
    const { outcome, order } = before.applyFulfillmentStatus(next(before, status));
    expect(outcome).toBe('applied');
    expect(order.state).toEqual({
      ...before.state,
      status,
      orderStatusEvents: [...before.state.orderStatusEvents, event(status)],
      fulfillmentVersion: before.state.fulfillmentVersion + 1,
    });
  });

  it.each(otherReports)('of $status is impossible for an order that is $place', ({ place, status }) => {
    const before = orderAt[place];
    expect(before.applyFulfillmentStatus(next(before, status))).toEqual({
      outcome: 'impossible',
      reason: `illegal: ${before.state.status} may not become ${status} by Fulfillment`,
      order: before,
    });
  });

  it.each([1, 2, 3])('is a duplicate at version %i when the order has 3', (version) => {
    const order = orderAt['ON_HOLD after processing'];
    const report = { event: event('PROCESSING'), version, previousVersion: version - 1 };
    expect(order.applyFulfillmentStatus(report)).toEqual({ outcome: 'duplicate', order });
  });

  it.each([
    { version: 5, previousVersion: 4 },
    { version: 4, previousVersion: 2 },
    { version: 4, previousVersion: undefined },
  ])('waits when it does not follow what the order has: $version after $previousVersion', (versions) => {
    const order = orderAt['ON_HOLD after processing'];
    expect(order.applyFulfillmentStatus({ event: event('PROCESSING'), ...versions })).toMatchObject({
      outcome: 'impossible',
      reason: expect.stringMatching(/^gap: /),
      order,
    });
  });

  it('may skip version numbers that never were reports', () => {
    const report = { event: event('PROCESSING'), version: 6, previousVersion: 3 };
    const { order } = orderAt['ON_HOLD after processing'].applyFulfillmentStatus(report);
    expect(order.state).toMatchObject({ status: 'PROCESSING', fulfillmentVersion: 6 });
  });

  it('follows reports without versions, of which the gate knows nothing', () => {
    const order = anOrder(['CREATED', 'APPROVED', 'PROCESSING', 'SHIPPED'], { fulfillmentRequested: true });
    const { order: after } = order.applyFulfillmentStatus({
      event: event('IN_TRANSIT'),
      version: 1,
      previousVersion: 0,
    });
    expect(after.state).toMatchObject({ status: 'IN_TRANSIT', fulfillmentVersion: 1 });
  });

  it.each([
    { status: 'SHIPPED' as const, timestamp: 1030, where: 'as the last status' },
    { status: 'PROCESSING' as const, timestamp: 1020, where: 'further back' },
  ])('only moves the gate when a report without a version told the same before, $where', ({ status, timestamp }) => {
    const before = anOrder(['CREATED', 'APPROVED', 'PROCESSING', 'SHIPPED'], { fulfillmentRequested: true });
    const { outcome, order } = before.applyFulfillmentStatus(next(before, status, timestamp));
    expect(outcome).toBe('applied');
    expect(order.state).toEqual({ ...before.state, fulfillmentVersion: 1 });
  });

  it('may repeat a status that was left in the meantime, in the same millisecond even', () => {
    let order: Order = orderAt['APPROVED and requested'];
    for (const status of ['PROCESSING', 'ON_HOLD', 'PROCESSING'] as const) {
      order = order.applyFulfillmentStatus(next(order, status, 2000)).order;
    }
    expect(order.state.orderStatusEvents.map(({ orderStatusType }) => orderStatusType)).toEqual([
      'CREATED',
      'APPROVED',
      'PROCESSING',
      'ON_HOLD',
      'PROCESSING',
    ]);
  });
});

describe('a report without a version', () => {
  it.each(takenReports)('of $status is taken by an order that is $place', ({ place, status }) => {
    const before = orderAt[place];
    const { outcome, order } = before.applyFulfillmentStatus(unversioned(status));
    expect(outcome).toBe('applied');
    expect(order.state).toEqual({
      ...before.state,
      status,
      orderStatusEvents: [...before.state.orderStatusEvents, event(status)],
    });
  });

  it.each(otherReports.filter(isEarly))('of $status is early for an order that is $place', ({ place, status }) => {
    const order = orderAt[place];
    const reason = `early: the order is ${order.state.status}, and may become ${status} later`;
    expect(order.applyFulfillmentStatus(unversioned(status))).toEqual({ outcome: 'early', reason, order });
  });

  it.each(otherReports.filter((report) => !isEarly(report)))(
    'of $status is ignored by an order that is $place',
    ({ place, status }) => {
      const order = orderAt[place];
      expect(order.applyFulfillmentStatus(unversioned(status))).toEqual({ outcome: 'ignored', order });
    },
  );

  it('is ignored when its status and time are in the order already', () => {
    const order = orderAt['ON_HOLD after processing'];
    expect(order.applyFulfillmentStatus(unversioned('PROCESSING', 1020)).outcome).toBe('ignored');
    expect(order.applyFulfillmentStatus(unversioned('PROCESSING', 1021)).outcome).toBe('applied');
  });
});

describe('a report that was given up', () => {
  const order = anOrder(['CREATED', 'APPROVED'], { fulfillmentRequested: true, fulfillmentVersion: 2 });

  it('lets the next one follow, and is a duplicate if it comes after all', () => {
    const without = order.forgoFulfillmentStatus(3);
    const report = (version: number): StatusReport => ({
      event: { timestamp: 1, orderStatusType: 'CANCELLED', note: null },
      version,
      previousVersion: version - 1,
    });
    expect(without.state).toEqual({ ...order.state, fulfillmentVersion: 3 });
    expect(without.applyFulfillmentStatus(report(3)).outcome).toBe('duplicate');
    expect(without.applyFulfillmentStatus(report(4))).toMatchObject({ outcome: 'applied' });
  });

  it.each([0, 1, 2])('changes nothing when the order is past it: %d', (version) => {
    expect(order.forgoFulfillmentStatus(version)).toBe(order);
  });
});
