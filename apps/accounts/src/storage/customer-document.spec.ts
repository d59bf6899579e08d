import { randomBytes } from 'node:crypto';
import { cardKeys } from '../domain/card-keys';
import { CardVault } from '../domain/card-vault';
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
      new CardVault(),
    );
    expect(JSON.stringify(customer.details)).toBe(
      '{"name":{"title":"Ms.","firstName":"Mary","middleName":null,"lastName":"Smith","suffix":null},' +
        '"contact":{"primaryPhone":"456-789-0001","secondaryPhone":null,"email":"marysmith@yougotmail.com"},' +
        '"addresses":[{"type":"BILLING","description":null,"address1":"1234 Main Street","address2":null,' +
        '"city":"Anywhere","state":null,"postalCode":null}],' +
        '"creditCards":[{"type":"PRIMARY","description":"VISA","number":{"last4":"0000","brand":null},"expiration":null,"nameOnCard":null}]}',
    );
  });

  it('can be read when a partial PUT there has emptied it', () => {
    expect(toCustomer(stored({}), new CardVault()).details).toMatchObject({
      addresses: [],
      creditCards: null,
      name: { lastName: null },
    });
  });
});

describe('a document of ours', () => {
  const vault = new CardVault(cardKeys(`a:${randomBytes(32).toString('base64')}`));

  it.each([undefined, 'john-doe'])('gives back the customer it was made from, as sample %s', (sample) => {
    for (const details of sampleCustomers.values()) {
      const customer = Customer.register('a', details, vault, sample);
      expect(toCustomer(stored(toDocument(customer)), vault)).toEqual(customer);
    }
  });

  it('has no card number, and none after a document in clear was read', () => {
    const clear = stored({ creditCards: [{ number: '4111-1111-1111-1111' }, { number: null }] });
    const cards = toDocument(toCustomer(clear, vault)).creditCards;
    const rest = { type: null, description: null, expiration: null, nameOnCard: null };
    expect(cards).toEqual([
      { ...rest, last4: '1111', brand: 'VISA', hash: expect.stringMatching(/^a:[\w-]{43}$/) },
      rest,
    ]);
    expect(toCustomer(stored({ creditCards: cards }), vault)).toEqual(toCustomer(clear, vault));
  });
});
