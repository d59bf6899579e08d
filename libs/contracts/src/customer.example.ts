import type { CustomerChange } from './customer-change';

/** A customer of the originals' sample data, shortened: for examples in documents. */
export const johnDoe: Omit<CustomerChange, 'id'> = {
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
};
