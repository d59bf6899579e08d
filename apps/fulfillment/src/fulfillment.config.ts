import { checkKafkaEnvironment, kafkaEnvironment, parkingEnvironment } from '@storefront/messaging';
import { checkStoreEnvironment, serviceEnvironment } from '@storefront/service';
import { z } from 'zod';

/** What the service reads from its environment. */
export const FulfillmentEnvironment = z
  .object({
    ...serviceEnvironment(8095),
    ...kafkaEnvironment,
    ...parkingEnvironment,
  })
  .superRefine(checkStoreEnvironment)
  .superRefine(checkKafkaEnvironment);
export type FulfillmentEnvironment = z.infer<typeof FulfillmentEnvironment>;
