import { Customer } from '../domain/customer';
import { sampleCustomers } from '../domain/sample-customers';
import { toCustomer, toDocument, type CustomerDocument } from './customer-document';

function stored(state: CustomerDocument) {
  return { id: 'a', version: 0, state, deleted: false };
}

describe('a document of the original service', () => {
  it('has null where the original left it out', () => {
    const card = { type: 'PRIMARY', description: 'VISA', number: '1234-6789-0000-0000' } as const;
    const customer = toCustomer(
      stored({
        name: { title: 'Ms.', firstName: 'Mary', lastName: 'Smith' },
        contact: { primaryPhone: '456-789-0001', email: 'marysmith@yougotmail.com' },
        addresses: [{ type: 'BILLING', address1: '1234 Main Street', city: 'Anywhere' }],
        creditCards: [card],
      }),
    );
    expect(JSON.stringify(customer.details)).toBe(
      '{"name":{"title":"Ms.","firstName":"Mary","middleName":null,"lastName":"Smith","suffix":null},' +
        '"contact":{"primaryPhone":"456-789-0001","secondaryPhone":null,"email":"marysmith@yougotmail.com"},' +
        '"addresses":[{"type":"BILLING","description":null,"address1":"1234 Main Street","address2":null,' +
        '"city":"Anywhere","state":null,"postalCode":null}],' +
        '"creditCards":[{"type":"PRIMARY","description":"VISA","number":"1234-6789-0000-0000","expiration":null,"nameOnCard":null}]}',
    );
  });

  it('can be read when a partial PUT there has emptied it', () => {
    expect(toCustomer(stored({})).details).toMatchObject({
      addresses: [],
      creditCards: null,
      name: { lastName: null },
    });
  });
});

describe('a document of ours', () => {
  it.each([undefined, 'john-doe'])('gives back the customer it was made from, as sample %s', (sample) => {
    for (const details of sampleCustomers.values()) {
      const customer = Customer.register('a', details, sample);
      expect(toCustomer(stored(toDocument(customer)))).toEqual(customer);
    }
  });
});
