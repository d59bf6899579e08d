import { statusMachine } from '@storefront/contracts';
import { anOrder, orderAt, type Place, places } from '../../test/an-order';
import { OrderRepresentation, orderResource } from './order.resource';

const links: Partial<Record<Place, string[]>> = {
  CREATED: ['approve', 'reject', 'hold', 'cancel'],
  'ON_HOLD before approval': ['approve', 'reject', 'cancel'],
  APPROVED: ['cancel', 'fulfill'],
};

describe('the representation of an order', () => {
  it.each(places)('links, when it is %s, to what can be done now', (place) => {
    const { links: all = {}, path } = orderResource(orderAt[place]).item;
    const expected = (links[place] ?? []).map((command) => [command, `${path}/${command}`]);
    expect(Object.entries(all)).toEqual([['customer', '/customerOrderses/ada'], ...expected]);
  });

  it('has a link for every move that Orders decides, and one to have it fulfilled', () => {
    const moves = Object.values(statusMachine).flat();
    const decided = moves.filter(({ decidedBy, to }) => decidedBy === 'orders' && to !== 'CREATED');
    expect(Object.values(links).flat()).toHaveLength(decided.length + 1);
  });

  it('has these members, and the version as its tag', () => {
    const order = anOrder(['CREATED']);
    const { content, version } = orderResource(order).item;
    const { customerId, status, orderStatusEvents, orderItems } = order.state;
    expect(JSON.stringify(content)).toBe(
      JSON.stringify({
        guid: order.guid,
        customerId,
        status,
        orderStatusEvents,
        orderItems,
        fulfillmentRequested: false,
      }),
    );
    expect(OrderRepresentation.parse(content)).toEqual(content);
    expect(version).toBe(7);
  });
});
