import { kafkaEnvironment, parkingEnvironment } from '@storefront/messaging';
import { serviceEnvironment } from '@storefront/service';
import { z } from 'zod';

/** What the service reads from its environment. */
export const FulfillmentEnvironment = z.object({
  ...serviceEnvironment(8095),
  ...kafkaEnvironment,
  ...parkingEnvironment,
});
export type FulfillmentEnvironment = z.infer<typeof FulfillmentEnvironment>;
