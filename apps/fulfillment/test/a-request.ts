import type { FulfillmentRequest, OrderStatusType } from '@storefront/contracts';

/** What Orders asks for, with an order in these statuses. */
export function aRequest(
  guid: string,
  statuses: readonly OrderStatusType[] = ['CREATED', 'APPROVED'],
): FulfillmentRequest {
  return {
    timestamp: 1_795_226_909_040,
    name: { title: 'Ms.', firstName: 'Mary', middleName: null, lastName: 'Smith', suffix: null },
    contact: { primaryPhone: '456-789-0001', secondaryPhone: null, email: 'mary@example.org' },
    address: {
      type: 'SHIPPING',
      description: 'Home Sweet Home',
      address1: '1234 Main Street',
      address2: null,
      city: 'Anywhere',
      state: 'NY',
      postalCode: '45455-66677',
    },
    order: {
      guid,
      orderStatusEvents: statuses.map((orderStatusType, index) => ({
        timestamp: 1_795_226_905_905 + index,
        orderStatusType,
        note: null,
      })),
      orderItems: [
        {
          product: {
            guid: 'b5efd4a0-4eb9-4ad0-bc9e-2f5542cbe897',
            title: 'Blue Widget',
            description: 'Brilliant Blue Widget',
            price: 1.99,
          },
          quantity: 5,
        },
      ],
    },
  };
}
