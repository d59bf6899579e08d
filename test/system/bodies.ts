/** A customer as a client sends him; `mark` makes him recognisable. */
export function customerBody(mark: string): object {
  return {
    name: { title: 'Ms.', firstName: 'Ada', middleName: null, lastName: mark, suffix: null },
    contact: { primaryPhone: '555-0100', secondaryPhone: null, email: `${mark}@example.org` },
    addresses: [
      {
        type: 'SHIPPING',
        description: 'Home',
        address1: '1 Analytical Row',
        address2: null,
        city: 'London',
        state: 'LDN',
        postalCode: '00001',
      },
    ],
    creditCards: [
      {
        type: 'PRIMARY',
        description: 'VISA',
        number: '1234-6789-0000-0000',
        expiration: '6/29',
        nameOnCard: 'Ada',
      },
    ],
  };
}

export const blueWidget = 'b5efd4a0-4eb9-4ad0-bc9e-2f5542cbe897';

export const orderBody = { items: [{ product: blueWidget, quantity: 2 }] };
