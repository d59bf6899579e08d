import { aRequest } from '../../test/a-request';
import { Fulfillment } from '../domain/fulfillment';
import { type FulfillmentDocument, toDocument, toFulfillment } from './fulfillment-document';

function stored(id: string, state: FulfillmentDocument) {
  return { id, version: 0, state, deleted: false };
}

describe('a document of an original service', () => {
  it('has null where the original left it out, and prices as numbers', () => {
    const fulfillment = toFulfillment(
      stored('6b00fd1daa1a893fa3f1938f', {
        timestamp: 1_795_226_909_040,
        name: { title: 'Ms.', firstName: 'Mary', lastName: 'Smith' },
        contact: { primaryPhone: '456-789-0001' },
        address: { type: 'SHIPPING' },
        order: {
          guid: '363acf9f',
          orderStatusEvents: [{ timestamp: 1_795_226_921_657, orderStatusType: 'RECEIVED' }],
          orderItems: [
            { product: { guid: 'b', title: 'Blue Widget' }, quantity: 5 },
            { product: { guid: 'r', title: 'Red Widget', price: '3.99' }, quantity: 1 },
          ],
        },
        shippingMethod: 'Uber',
      }),
    );
    expect(JSON.stringify(fulfillment)).toBe(
      '{"id":"6b00fd1daa1a893fa3f1938f","timestamp":1795226909040,' +
        '"name":{"title":"Ms.","firstName":"Mary","middleName":null,"lastName":"Smith","suffix":null},' +
        '"contact":{"primaryPhone":"456-789-0001","secondaryPhone":null,"email":null},' +
        '"address":{"type":"SHIPPING","description":null,"address1":null,"address2":null,"city":null,"state":null,"postalCode":null},' +
        '"order":{"guid":"363acf9f","orderStatusEvents":[{"timestamp":1795226921657,"orderStatusType":"RECEIVED","note":null}],' +
        '"orderItems":[{"product":{"guid":"b","title":"Blue Widget","description":null,"price":null},"quantity":5},' +
        '{"product":{"guid":"r","title":"Red Widget","description":null,"price":3.99},"quantity":1}]},"shippingMethod":"Uber"}',
    );
  });

  it('can be read when there is nothing in it', () => {
    const fulfillment = toFulfillment(stored('a', {}));
    expect(fulfillment.status).toBeUndefined();
    expect(fulfillment.details).toMatchObject({ timestamp: null, order: null, shippingMethod: null });
  });
});

describe('a document of ours', () => {
  it('gives back the fulfillment it was made from', () => {
    const fulfillment = Fulfillment.accept(aRequest('o')).process({ at: 1, note: null });
    expect(toFulfillment(stored('o', toDocument(fulfillment)))).toEqual(fulfillment);
    const awaiting = fulfillment.awaitRequest();
    expect(toFulfillment(stored('o', toDocument(awaiting)))).toEqual(awaiting);
  });
});
