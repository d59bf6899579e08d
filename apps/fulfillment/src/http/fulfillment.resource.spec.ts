import { type OrderStage, type OrderStatusType, statusMachine } from '@storefront/contracts';
import { aRequest } from '../../test/a-request';
import { Fulfillment } from '../domain/fulfillment';
import { FulfillmentRepresentation, fulfillmentResource } from './fulfillment.resource';

const guid = 'cb861d77-5d4b-4a62-8b1f-2f7f0c5c9b11';

/** For every stage an order can be in: the statuses Fulfillment got it to, and the links it has then. */
const stages: Partial<Record<OrderStage, [OrderStatusType[], string[]]>> = {
  FULFILLMENT_REQUESTED: [[], ['process', 'cancel']],
  PROCESSING: [['PROCESSING'], ['ship', 'hold', 'cancel']],
  ON_HOLD_AFTER_PROCESSING: [
    ['PROCESSING', 'ON_HOLD'],
    ['process', 'cancel'],
  ],
  SHIPPED: [['PROCESSING', 'SHIPPED'], ['in-transit']],
  IN_TRANSIT: [['PROCESSING', 'SHIPPED', 'IN_TRANSIT'], ['receive']],
  RECEIVED: [['PROCESSING', 'SHIPPED', 'IN_TRANSIT', 'RECEIVED'], ['return']],
  RETURNED: [['PROCESSING', 'SHIPPED', 'IN_TRANSIT', 'RECEIVED', 'RETURNED'], []],
  CANCELLED: [['CANCELLED'], []],
};

const fulfillmentAt = (statuses: readonly OrderStatusType[]) =>
  Fulfillment.accept(aRequest(guid, ['CREATED', 'APPROVED', ...statuses]));

describe('the representation of a fulfillment', () => {
  it.each(Object.entries(stages))('links, when its order is %s, to what can be done now', (_, [statuses, commands]) => {
    const { links = {}, path } = fulfillmentResource(fulfillmentAt(statuses)).item;
    expect(Object.entries(links)).toEqual(commands.map((command) => [command, `${path}/${command}`]));
  });

  it('has a link for every move that Fulfillment decides, and no others', () => {
    for (const [stage, moves] of Object.entries(statusMachine)) {
      const decided = moves.filter(({ decidedBy }) => decidedBy === 'fulfillment');
      expect([stage, stages[stage as OrderStage]?.[1].length ?? 0]).toEqual([stage, decided.length]);
    }
  });

  it('offers nothing where an original service keeps it under an id of its own', () => {
    const { details } = fulfillmentAt([]);
    expect(fulfillmentResource(new Fulfillment('6b00fd1daa1a893fa3f1938f', 0, details)).item.links).toEqual({});
  });

  it('is as its schema says', () => {
    const { content } = fulfillmentResource(fulfillmentAt(['PROCESSING'])).item;
    expect(Object.keys(FulfillmentRepresentation.parse(content))).toEqual(Object.keys(content));
  });
});
