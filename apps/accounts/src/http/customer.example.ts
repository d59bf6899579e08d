/** The customer of the originals' sample data, shortened, as he is sent. */
export const john = {
  name: { title: 'Mr.', firstName: 'John', middleName: 'S.', lastName: 'Doe', suffix: 'Jr.' },
  contact: { primaryPhone: '555-666-7777', secondaryPhone: '555-444-9898', email: 'john.doe@internet.com' },
  addresses: [
    {
      type: 'SHIPPING',
      description: 'My home address',
      address1: '123 Oak Street',
      address2: null,
      city: 'Sunrise',
      state: 'CA',
      postalCode: '12345-6789',
    },
  ],
  creditCards: [
    {
      type: 'PRIMARY',
      description: 'VISA',
      number: '****-****-****-0000',
      expiration: '6/19',
      nameOnCard: 'John S. Doe',
    },
  ],
};

/** The same as he is registered: with the whole number of his card. */
export const newJohn = {
  ...john,
  creditCards: john.creditCards.map((card) => ({ ...card, number: '1234-6789-0000-0000' })),
};
