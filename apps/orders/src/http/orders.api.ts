import { CustomerChange } from '@storefront/contracts';
import type { ApiDescription } from '@storefront/hal';
import { z } from 'zod';
import { CustomerOrdersRepresentation, customerOrdersProfile, sortable } from './customer-orders.resource';
import { orderProfile, rels, sortable as sortableOrders } from './order.resource';
import { blueWidget, johnsOrders, order, product } from './orders.example';
import { productProfile } from './product.resource';

const Orders = CustomerOrdersRepresentation.shape.orders;
const Summary = CustomerChange.extend({
  orders: Orders,
  moreOrders: z.url().optional().describe('Where the orders behind the first 100 are; absent where there are none.'),
});
const remark = { note: 'Called by phone' };

const orderAgain = again('');
const firstOrderAgain = again('/orders/0');

/** The first product of the order that is there. */
function again(order: string) {
  return (at: (pointer: string) => string) => ({
    items: [{ product: at(`${order}/orderItems/0/product/guid`), quantity: at(`${order}/orderItems/0/quantity`) }],
  });
}

/** What the OpenAPI document tells besides the routes. */
export const ordersApi: ApiDescription = {
  title: 'Storefront Demo - Orders API',
  description:
    'Orders of customers, whom Accounts reports, and the products that can be ordered. Orders stay when their customer is ' +
    'deleted: read by its guid, such an order has no link `customer`, while the pages of the customer and of the orders are ' +
    '404. All are there again when the customer is restored.',
  resources: [
    {
      ...customerOrdersProfile,
      example: johnsOrders,
      sortable,
      next: [
        { path: '/orders/{guid}', parameter: '/orders/0/guid' },
        { path: '/customers/{customerId}/orders', parameter: '$request.path.id', body: firstOrderAgain },
      ],
    },
    {
      ...orderProfile,
      example: order,
      sortable: sortableOrders,
      next: [
        { path: '/orders/{guid}', parameter: '/guid' },
        { path: '/customers/{customerId}/orders', parameter: '/customerId', body: orderAgain },
      ],
      requests: {
        [rels.collection]: { items: [{ product: product.guid, quantity: 2 }] },
        approve: remark,
        reject: remark,
        hold: remark,
        cancel: remark,
        fulfill: remark,
      },
    },
    {
      ...productProfile,
      example: product,
      pathExamples: { guid: blueWidget },
      next: [{ path: '/products/{guid}', parameter: '/guid' }],
    },
  ],
  summaries: { '/customers/summary': z.object({ customers: z.array(Summary) }) },
};
