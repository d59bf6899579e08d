import { johnDoe } from '@storefront/contracts';

const {
  name,
  contact,
  addresses: [address],
} = johnDoe;

/** A fulfillment of the recorded run, shortened, as it is sent. */
export const johnsFulfillment = {
  timestamp: 1795226909040,
  name,
  contact,
  address,
  order: {
    guid: '363acf9f-d44e-4a35-8cc6-a761ad9d31b4',
    orderStatusEvents: [{ timestamp: 1795226921657, orderStatusType: 'RECEIVED', note: null }],
    orderItems: [
      {
        product: { guid: 'b5efd4a0-4eb9-4ad0-bc9e-2f5542cbe897', title: 'Blue Widget', description: null, price: null },
        quantity: 5,
      },
    ],
  },
  shippingMethod: 'Uber',
};
