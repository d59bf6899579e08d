import type { ApiDescription } from '@storefront/hal';
import { z } from 'zod';
import { john, newJohn } from './customer.example';
import { CustomerRepresentation, customerProfile, rels, sortable } from './customer.resource';

/** What the OpenAPI document tells besides the routes. */
export const accountsApi: ApiDescription = {
  title: 'Storefront Demo - Accounts API',
  description:
    'Customers. Card numbers come back masked. An id belongs to one customer for ever: POST with the id of a deleted customer ' +
    'is a 409, and PUT to it restores that customer, with the orders from before.',
  resources: [
    {
      ...customerProfile,
      example: john,
      sortable,
      chosenId: '/id',
      requests: {
        [rels.collection]: newJohn,
        patch: { contact: { email: 'john@example.com' } },
      },
    },
  ],
  summaries: {
    '/customers/summary': z.object({ customers: z.array(CustomerRepresentation.extend({ id: z.string() })) }),
  },
};
