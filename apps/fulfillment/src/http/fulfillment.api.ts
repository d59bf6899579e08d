import type { ApiDescription } from '@storefront/hal';
import { z } from 'zod';
import { johnsFulfillment } from './fulfillment.example';
import { FulfillmentRepresentation, fulfillmentProfile, sortable } from './fulfillment.resource';

const remark = { note: 'Called by phone' };

/** What the OpenAPI document tells besides the routes. */
export const fulfillmentApi: ApiDescription = {
  title: 'Storefront Demo - Fulfillment API',
  description: 'Orders on their way to the customer, and the commands that move them on.',
  resources: [
    {
      ...fulfillmentProfile,
      example: johnsFulfillment,
      sortable,
      next: [{ path: '/fulfillments/{id}', parameter: '/order/guid' }],
      requests: {
        process: remark,
        ship: { ...remark, shippingMethod: 'FedEx' },
        'in-transit': remark,
        receive: remark,
        return: remark,
        hold: remark,
        cancel: remark,
      },
    },
  ],
  summaries: {
    '/fulfillments/summary': z.object({ fulfillments: z.array(FulfillmentRepresentation.extend({ id: z.string() })) }),
  },
};
