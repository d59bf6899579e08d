import { checkKafkaEnvironment, kafkaEnvironment } from '@storefront/messaging';
import { checkStoreEnvironment, serviceEnvironment } from '@storefront/service';
import { z } from 'zod';

/** What the service reads from its environment. */
export const AccountsEnvironment = z
  .object({ ...serviceEnvironment(8085), ...kafkaEnvironment })
  .superRefine(checkStoreEnvironment)
  .superRefine(checkKafkaEnvironment);
export type AccountsEnvironment = z.infer<typeof AccountsEnvironment>;
