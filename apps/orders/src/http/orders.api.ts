import { CustomerChange } from '@storefront/contracts';
import type { ApiDescription } from '@storefront/hal';
import { z } from 'zod';
import { CustomerOrdersRepresentation, customerOrdersProfile, sortable } from './customer-orders.resource';
import { OrderRepresentation, rels, sortable as sortableOrders } from './order.resource';
import { johnsOrders, order, product } from './orders.example';
import { ProductRepresentation } from './product.resource';

const Orders = CustomerOrdersRepresentation.shape.orders;
const remark = { note: 'Called by phone' };

/** What the OpenAPI document tells besides the routes. */
export const ordersApi: ApiDescription = {
  title: 'Storefront Demo - Orders API',
  description: 'Orders of customers, whom Accounts reports, and the products that can be ordered.',
  resources: [
    { ...customerOrdersProfile, example: johnsOrders, sortable },
    {
      ...rels,
      schema: OrderRepresentation,
      example: order,
      sortable: sortableOrders,
      requests: {
        [rels.collection]: { items: [{ product: product.guid, quantity: 2 }] },
        approve: remark,
        reject: remark,
        hold: remark,
        cancel: remark,
        fulfill: remark,
      },
    },
    { item: 'product', collection: 'products', schema: ProductRepresentation, example: product },
  ],
  summaries: { '/customers/summary': z.object({ customers: z.array(CustomerChange.extend({ orders: Orders })) }) },
};
