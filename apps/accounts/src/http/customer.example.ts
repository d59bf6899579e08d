import { johnDoe } from '@storefront/contracts';

/** As he is sent. */
export const john = {
  ...johnDoe,
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
