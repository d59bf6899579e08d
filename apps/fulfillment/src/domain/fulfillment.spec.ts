import type { FulfillmentRequest, OrderStatusType } from '@storefront/contracts';
import { Fulfillment, type Occasion } from './fulfillment';
import { FulfillmentReadOnly } from './fulfillment-read-only';
import { MoveNotAllowed } from './move-not-allowed';
import { orderStatusChanged } from './order-status-changed';

const now: Occasion = { at: 2_000_000_000_000, note: 'as told' };

const verbs: [OrderStatusType, (fulfillment: Fulfillment) => Fulfillment][] = [
  ['PROCESSING', (one) => one.process(now)],
  ['SHIPPED', (one) => one.ship('UPS', now)],
  ['IN_TRANSIT', (one) => one.moveInTransit(now)],
  ['RECEIVED', (one) => one.receive(now)],
  ['RETURNED', (one) => one.return(now)],
  ['ON_HOLD', (one) => one.hold(now)],
  ['CANCELLED', (one) => one.cancel(now)],
];

const allowed: Record<OrderStatusType, OrderStatusType[]> = {
  CREATED: [],
  APPROVED: ['PROCESSING', 'CANCELLED'],
  REJECTED: [],
  CANCELLED: [],
  PROCESSING: ['SHIPPED', 'ON_HOLD', 'CANCELLED'],
  ON_HOLD: ['PROCESSING', 'CANCELLED'],
  SHIPPED: ['IN_TRANSIT'],
  IN_TRANSIT: ['RECEIVED'],
  RECEIVED: ['RETURNED'],
  RETURNED: [],
};

const pairs = Object.keys(allowed).flatMap((name) => {
  const from = name as OrderStatusType;
  return verbs.map(([to, move]) => ({ from, to, move, isAllowed: allowed[from].includes(to) }));
});

function aRequest(guid: string, statuses: OrderStatusType[]): FulfillmentRequest {
  return {
    timestamp: 1,
    name: { title: 'Ms.', firstName: 'Mary', middleName: null, lastName: 'Smith', suffix: null },
    contact: { primaryPhone: '456-789-0001', secondaryPhone: null, email: 'mary@example.org' },
    address: {
      type: 'SHIPPING',
      description: 'home',
      address1: '1234 Main Street',
      address2: null,
      city: 'Anywhere',
      state: 'NY',
      postalCode: '45455-66677',
    },
    order: {
      guid,
      orderStatusEvents: statuses.map((orderStatusType) => ({ timestamp: 1, orderStatusType, note: null })),
      orderItems: [{ product: { guid: 'b', title: 'Blue Widget', description: 'blue', price: 1.99 }, quantity: 5 }],
    },
  };
}

function standing(status: OrderStatusType): Fulfillment {
  return Fulfillment.accept(aRequest('o', ['CREATED', status]));
}

describe('a fulfillment', () => {
  it.each(pairs.filter(({ isAllowed }) => isAllowed))('goes from $from to $to', ({ from, to, move }) => {
    const fulfillment = standing(from);
    expect(fulfillment.mayReach(to)).toBe(true);
    const added = { timestamp: now.at, orderStatusType: to, note: 'as told' };
    expect(move(fulfillment).history).toEqual([...fulfillment.history, added]);
  });

  it.each(pairs.filter(({ isAllowed }) => !isAllowed))('does not go from $from to $to', ({ from, to, move }) => {
    const fulfillment = standing(from);
    expect(fulfillment.mayReach(to)).toBe(false);
    expect(() => move(fulfillment)).toThrow(MoveNotAllowed);
    expect(() => move(fulfillment)).toThrow(
      expect.objectContaining({ kind: 'conflict', details: { from, to, allowed: allowed[from] } }),
    );
  });

  it('is put on hold 50 times at most, and comes to its end all the same', () => {
    let fulfillment = standing('PROCESSING');
    for (let time = 0; time < 50; time++) fulfillment = fulfillment.hold(now).process(now);
    expect(fulfillment.possibleCommands()).toEqual(['ship', 'cancel']);
    expect(() => fulfillment.hold(now)).toThrow(
      expect.objectContaining({
        kind: 'conflict',
        message:
          'The order is PROCESSING and cannot become ON_HOLD: it was on hold 50 times, the most that there may be. It can become SHIPPED or CANCELLED.',
        details: { from: 'PROCESSING', to: 'ON_HOLD', allowed: ['SHIPPED', 'CANCELLED'] },
      }),
    );
    expect(fulfillment.ship('UPS', now).moveInTransit(now).receive(now).status).toBe('RECEIVED');
  });

  it('has the id of its order, and its whole history and goods', () => {
    const request = aRequest('the-order', ['CREATED', 'APPROVED']);
    const { id, status, details } = Fulfillment.accept(request);
    expect({ id, status, details }).toEqual({
      id: 'the-order',
      status: 'APPROVED',
      details: { ...request, shippingMethod: null },
    });
  });

  it('is shipped by the method that was chosen, and keeps it', () => {
    const shipped = standing('PROCESSING').ship('Drone', now);
    expect(shipped.details.shippingMethod).toBe('Drone');
    expect(shipped.moveInTransit(now).details.shippingMethod).toBe('Drone');
  });

  it('changes into another object', () => {
    const fulfillment = standing('APPROVED');
    const before = structuredClone(fulfillment.details);
    fulfillment.process(now);
    expect(fulfillment.details).toEqual(before);
  });

  it('reports the status it reached', () => {
    const event = orderStatusChanged(standing('APPROVED').process(now));
    expect(JSON.stringify(event.value)).toBe(
      '{"guid":"o","orderStatusEvent":{"timestamp":2000000000000,"orderStatusType":"PROCESSING","note":"as told"}}',
    );
  });

  it('of an original service, under another id than its order, is not moved', () => {
    const theirs = new Fulfillment('6b00fd1daa1a893fa3f1938f', 0, standing('APPROVED').details);
    expect(theirs.mayReach('PROCESSING')).toBe(false);
    expect(() => theirs.process(now)).toThrow(FulfillmentReadOnly);
  });
});

describe('a fulfillment that differs from what Orders asked for', () => {
  const asked = aRequest('o', ['CREATED', 'APPROVED']);
  const changed = { ...asked, contact: { ...asked.contact, email: 'wrong@example.org' } };

  it('takes the request again when it awaits it, and keeps what happened here', () => {
    const moved = Fulfillment.accept(changed).process(now).awaitRequest().hold(now);
    const healed = moved.takeAgain(asked);
    expect(healed).toEqual(Fulfillment.accept(asked).process(now).hold(now));
    expect(healed.awaitsRequest).toBe(false);
  });

  it('stays as it is when it does not await it', () => {
    const fulfillment = Fulfillment.accept(changed);
    expect(fulfillment.takeAgain(asked)).toBe(fulfillment);
  });

  it('does not await it once the carrier has it: then it says what was sent', () => {
    const shipped = Fulfillment.accept(changed).process(now).ship('UPS', now);
    expect(shipped.awaitRequest()).toBe(shipped);
  });
});
