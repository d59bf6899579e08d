import { checkKafkaEnvironment, kafkaEnvironment } from '@storefront/messaging';
import { checkStoreEnvironment, serviceEnvironment } from '@storefront/service';
import { z } from 'zod';

/** What the service reads from its environment. */
export const AccountsEnvironment = z
  .object({
    ...serviceEnvironment(8085),
    ...kafkaEnvironment,
    /** PUT, PATCH and DELETE of a customer have to say in If-Match which version they are about. */
    REQUIRE_IF_MATCH: z.enum(['enabled', 'disabled'], { error: 'enabled or disabled is expected' }).default('disabled'),
  })
  .superRefine(checkStoreEnvironment)
  .superRefine(checkKafkaEnvironment);
export type AccountsEnvironment = z.infer<typeof AccountsEnvironment>;
