import type { CustomerDetails } from './customer';

/** The customers of the sample URL, by the mark they carry. */
export const sampleCustomers: ReadonlyMap<string, CustomerDetails> = new Map<string, CustomerDetails>([
  [
    'john-doe',
    {
      name: { title: 'Mr.', firstName: 'John', middleName: 'S.', lastName: 'Doe', suffix: 'Jr.' },
      contact: { primaryPhone: '555-666-7777', secondaryPhone: '555-444-9898', email: 'john.doe@internet.com' },
      addresses: [
        {
          type: 'BILLING',
          description: 'My cc billing address',
          address1: '123 Oak Street',
          address2: null,
          city: 'Sunrise',
          state: 'CA',
          postalCode: '12345-6789',
        },
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
          number: '1234-6789-0000-0000',
          expiration: '6/19',
          nameOnCard: 'John S. Doe',
        },
        {
          type: 'ALTERNATE',
          description: 'Corporate American Express',
          number: '9999-8888-7777-6666',
          expiration: '3/20',
          nameOnCard: 'John Doe',
        },
      ],
    },
  ],
  [
    'mary-smith',
    {
      name: { title: 'Ms.', firstName: 'Mary', middleName: null, lastName: 'Smith', suffix: null },
      contact: { primaryPhone: '456-789-0001', secondaryPhone: '456-222-1111', email: 'marysmith@yougotmail.com' },
      addresses: [
        {
          type: 'BILLING',
          description: 'My CC billing address',
          address1: '1234 Main Street',
          address2: null,
          city: 'Anywhere',
          state: 'NY',
          postalCode: '45455-66677',
        },
        {
          type: 'SHIPPING',
          description: 'Home Sweet Home',
          address1: '1234 Main Street',
          address2: null,
          city: 'Anywhere',
          state: 'NY',
          postalCode: '45455-66677',
        },
      ],
      creditCards: [
        {
          type: 'PRIMARY',
          description: 'VISA',
          number: '4545-6767-8989-0000',
          expiration: '7/21',
          nameOnCard: 'Mary Smith',
        },
      ],
    },
  ],
  [
    'susan-blackstone',
    {
      name: { title: 'Ms.', firstName: 'Susan', middleName: null, lastName: 'Blackstone', suffix: null },
      contact: {
        primaryPhone: '433-544-6555',
        secondaryPhone: '223-445-6767',
        email: 'susan.m.blackstone@emailisus.com',
      },
      addresses: [
        {
          type: 'BILLING',
          description: 'My CC billing address',
          address1: '33 Oak Avenue',
          address2: null,
          city: 'Nowhere',
          state: 'VT',
          postalCode: '444556-9090',
        },
        {
          type: 'SHIPPING',
          description: 'Home Sweet Home',
          address1: '33 Oak Avenue',
          address2: null,
          city: 'Nowhere',
          state: 'VT',
          postalCode: '444556-9090',
        },
      ],
      creditCards: [
        {
          type: 'PRIMARY',
          description: 'Master Card',
          number: '4545-5656-7878-9090',
          expiration: '4/19',
          nameOnCard: 'Susan M. Blackstone',
        },
      ],
    },
  ],
]);
