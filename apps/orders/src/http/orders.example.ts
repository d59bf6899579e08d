import { johnDoe } from '@storefront/contracts';
import { productOf } from '../domain/product-catalogue';

const customerId = '6b00fd16738d8201e1471e45';

/** An order of the recorded run, shortened, as a customer is shown with it. */
const shownOrder = {
  guid: 'a04c7618-1868-4142-9516-78fb2cf83137',
  orderStatusEvents: [
    { timestamp: 1795226905904, orderStatusType: 'CREATED', note: null },
    { timestamp: 1795226905904, orderStatusType: 'REJECTED', note: 'Primary credit card expired' },
  ],
  orderItems: [
    {
      product: {
        guid: '7f3c9c22-3c0a-47a5-9a92-2bd2e23f6e37',
        title: 'Green Widget',
        description: 'Gorgeous Green Widget',
        price: 11.99,
      },
      quantity: 4,
    },
  ],
};

/** Its customer. */
export const johnsOrders = {
  ...johnDoe,
  orders: [shownOrder],
};

export const order = { ...shownOrder, customerId, status: 'REJECTED', fulfillmentRequested: false };

/** The first of the catalogue. */
export const blueWidget = 'b5efd4a0-4eb9-4ad0-bc9e-2f5542cbe897';
export const product = { ...productOf(blueWidget) };
