import { OrderStatusType } from '@storefront/contracts';
import { aCustomer, anOrder, orderAt, type Place, places } from '../../test/an-order';
import { FulfillmentAlreadyRequested } from './fulfillment-already-requested';
import { NoShippingAddress } from './no-shipping-address';
import { Order, type OrderCommand } from './order';
import { OrderMoveRefused } from './order-move-refused';

const commands: Record<OrderCommand, OrderStatusType> = {
  approve: 'APPROVED',
  reject: 'REJECTED',
  hold: 'ON_HOLD',
  cancel: 'CANCELLED',
  fulfill: 'APPROVED',
};

const accepted: Partial<Record<Place, OrderCommand[]>> = {
  CREATED: ['approve', 'reject', 'hold', 'cancel'],
  'ON_HOLD before approval': ['approve', 'reject', 'cancel'],
  APPROVED: ['cancel', 'fulfill'],
};

const everyCommand = places.flatMap((place) =>
  (Object.keys(commands) as OrderCommand[]).map((command) => ({
    place,
    command,
    isAccepted: accepted[place]?.includes(command) ?? false,
  })),
);

function give(order: Order, command: OrderCommand): Order {
  return command === 'fulfill' ? order.requestFulfillment(aCustomer(), 5000) : order[command]({ at: 5000, note: 'so' });
}

function refusalOf(order: Order, command: OrderCommand): unknown {
  try {
    return give(order, command);
  } catch (error) {
    return error;
  }
}

describe('a placed order', () => {
  it('is created, with nobody having asked to fulfill it', () => {
    const items = orderAt.CREATED.state.orderItems;
    expect(Order.place('g', { customerId: 'ada', items, at: 1000 })).toEqual(
      new Order('g', { ...orderAt.CREATED.state }, 0),
    );
  });
});

describe('a command', () => {
  it.each(everyCommand.filter(({ isAccepted }) => isAccepted))('$command moves an order that is $place', (row) => {
    const order = give(orderAt[row.place], row.command);
    expect(order.state.status).toBe(commands[row.command]);
    expect(order.state.fulfillmentRequested).toBe(row.command === 'fulfill');
    if (row.command === 'fulfill') return;
    expect(order.state.orderStatusEvents).toEqual([
      ...orderAt[row.place].state.orderStatusEvents,
      { timestamp: 5000, orderStatusType: commands[row.command], note: 'so' },
    ]);
  });

  it.each(everyCommand.filter(({ isAccepted }) => !isAccepted))(
    '$command is refused by an order that is $place',
    (row) => {
      const order = orderAt[row.place];
      const before = JSON.stringify(order);
      const refusal = refusalOf(order, row.command);
      const isAboutFulfillment = row.command === 'fulfill' && order.state.fulfillmentRequested;
      expect(refusal).toBeInstanceOf(isAboutFulfillment ? FulfillmentAlreadyRequested : OrderMoveRefused);
      expect(refusal).toMatchObject({
        kind: 'conflict',
        details: {
          from: order.state.status,
          to: row.command === 'fulfill' ? 'FULFILLMENT_REQUESTED' : commands[row.command],
        },
      });
      expect(JSON.stringify(order)).toBe(before);
    },
  );

  it.each(places)('is offered to an order that is %s exactly if it would be accepted', (place) => {
    expect(orderAt[place].possibleCommands()).toEqual(accepted[place] ?? []);
  });

  it('is refused with what Orders may still decide', () => {
    expect(refusalOf(orderAt['ON_HOLD before approval'], 'hold')).toMatchObject({
      details: { from: 'ON_HOLD', to: 'ON_HOLD', allowed: ['APPROVED', 'REJECTED', 'CANCELLED'] },
    });
  });

  it('says after the request that Fulfillment decides', () => {
    expect(refusalOf(orderAt['APPROVED and requested'], 'cancel')).toMatchObject({
      message: expect.stringContaining('the Fulfillment service decides what becomes of it.'),
      details: { from: 'APPROVED', to: 'CANCELLED', allowed: [] },
    });
  });
});

describe('the request to fulfill', () => {
  it('says what Fulfillment needs, with the SHIPPING address, in the order of the contract', () => {
    const customer = aCustomer();
    const order = orderAt.APPROVED.requestFulfillment(customer, 5000);
    expect(JSON.stringify(order.fulfillmentRequest)).toBe(
      JSON.stringify({
        timestamp: 5000,
        name: customer.name,
        contact: customer.contact,
        address: customer.addresses[1],
        order: {
          guid: order.guid,
          orderStatusEvents: order.state.orderStatusEvents,
          orderItems: order.state.orderItems,
        },
      }),
    );
  });

  it('needs a SHIPPING address', () => {
    const customer = aCustomer({ addresses: aCustomer().addresses.slice(0, 1) });
    expect(() => orderAt.APPROVED.requestFulfillment(customer, 5000)).toThrow(NoShippingAddress);
  });

  it('is made once', () => {
    const order = orderAt.APPROVED.requestFulfillment(aCustomer(), 5000);
    expect(() => order.requestFulfillment(aCustomer(), 5001)).toThrow(FulfillmentAlreadyRequested);
  });

  it('is not said by any other change', () => {
    expect(anOrder(['CREATED']).approve({ at: 1 }).fulfillmentRequest).toBeUndefined();
    expect(anOrder(['CREATED', 'APPROVED']).cancel({ at: 1 }).fulfillmentRequest).toBeUndefined();
  });
});
