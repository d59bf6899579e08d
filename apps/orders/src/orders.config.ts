import { checkKafkaEnvironment, kafkaEnvironment, parkingEnvironment } from '@storefront/messaging';
import { checkStoreEnvironment, serviceEnvironment } from '@storefront/service';
import { z } from 'zod';

/** What the service reads from its environment. */
export const OrdersEnvironment = z
  .object({ ...serviceEnvironment(8090), ...kafkaEnvironment, ...parkingEnvironment })
  .superRefine(checkStoreEnvironment)
  .superRefine(checkKafkaEnvironment);
export type OrdersEnvironment = z.infer<typeof OrdersEnvironment>;
