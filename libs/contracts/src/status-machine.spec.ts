import { OrderStatusType } from './order-status-type';
import { allowedMoves, statusMachine, type OrderStage } from './status-machine';

/** One history that leads to each stage, and the table of the design: where it may go, and who decides. */
const table: Record<
  OrderStage,
  { history: OrderStatusType[]; requested: boolean; orders: string; fulfillment: string }
> = {
  NEW: { history: [], requested: false, orders: 'CREATED', fulfillment: '' },
  CREATED: { history: ['CREATED'], requested: false, orders: 'APPROVED REJECTED ON_HOLD CANCELLED', fulfillment: '' },
  ON_HOLD_BEFORE_APPROVAL: {
    history: ['CREATED', 'ON_HOLD'],
    requested: false,
    orders: 'APPROVED REJECTED CANCELLED',
    fulfillment: '',
  },
  APPROVED: { history: ['CREATED', 'APPROVED'], requested: false, orders: 'CANCELLED', fulfillment: '' },
  FULFILLMENT_REQUESTED: {
    history: ['CREATED', 'APPROVED'],
    requested: true,
    orders: '',
    fulfillment: 'PROCESSING CANCELLED',
  },
  PROCESSING: {
    history: ['CREATED', 'APPROVED', 'PROCESSING'],
    requested: true,
    orders: '',
    fulfillment: 'SHIPPED ON_HOLD CANCELLED',
  },
  ON_HOLD_AFTER_PROCESSING: {
    history: ['CREATED', 'APPROVED', 'PROCESSING', 'ON_HOLD'],
    requested: true,
    orders: '',
    fulfillment: 'PROCESSING CANCELLED',
  },
  SHIPPED: { history: ['PROCESSING', 'SHIPPED'], requested: true, orders: '', fulfillment: 'IN_TRANSIT' },
  IN_TRANSIT: { history: ['SHIPPED', 'IN_TRANSIT'], requested: true, orders: '', fulfillment: 'RECEIVED' },
  RECEIVED: { history: ['IN_TRANSIT', 'RECEIVED'], requested: true, orders: '', fulfillment: 'RETURNED' },
  REJECTED: { history: ['CREATED', 'REJECTED'], requested: false, orders: '', fulfillment: '' },
  CANCELLED: { history: ['CREATED', 'CANCELLED'], requested: false, orders: '', fulfillment: '' },
  RETURNED: { history: ['RECEIVED', 'RETURNED'], requested: true, orders: '', fulfillment: '' },
};

const pairs = Object.entries(table).flatMap(([stage, row]) =>
  OrderStatusType.options.map((to) => ({ stage, to, ...row })),
);

describe('an order', () => {
  it.each(pairs)('from $stage to $to', ({ history, requested, to, ...row }) => {
    const moves = allowedMoves(events(history), requested);
    const decidedBy = moves.filter((move) => move.to === to).map((move) => move.decidedBy);
    const expected = (['orders', 'fulfillment'] as const).filter((service) => row[service].split(' ').includes(to));
    expect(decidedBy).toEqual(expected);
  });

  it('stands on hold after processing when its history begins at Fulfillment', () => {
    expect(allowedMoves(events(['ON_HOLD']), true)).toBe(statusMachine.ON_HOLD_AFTER_PROCESSING);
  });

  it('stands on hold after processing when it was processed before anybody noted the request', () => {
    expect(allowedMoves(events(['APPROVED', 'PROCESSING', 'ON_HOLD']), false)).toBe(
      statusMachine.ON_HOLD_AFTER_PROCESSING,
    );
  });

  it('can be taken up again after a hold', () => {
    const moves = allowedMoves(events(['APPROVED', 'PROCESSING', 'ON_HOLD', 'PROCESSING']), true);
    expect(moves).toBe(statusMachine.PROCESSING);
  });
});

function events(statuses: OrderStatusType[]) {
  return statuses.map((orderStatusType) => ({ orderStatusType }));
}
