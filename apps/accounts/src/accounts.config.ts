import { checkKafkaEnvironment, kafkaEnvironment } from '@storefront/messaging';
import { checkStoreEnvironment, serviceEnvironment } from '@storefront/service';
import { z } from 'zod';
import { cardKeys } from './domain/card-keys';

/** What the service reads from its environment. */
export const AccountsEnvironment = z
  .object({
    ...serviceEnvironment(8085),
    ...kafkaEnvironment,
    /** PUT, PATCH and DELETE of a customer have to say in If-Match which version they are about. */
    REQUIRE_IF_MATCH: z.enum(['enabled', 'disabled'], { error: 'enabled or disabled is expected' }).default('disabled'),
    /** What is kept of card numbers besides the last four digits and the brand: a keyed hash, or the number encrypted too. */
    CARD_NUMBERS: z.enum(['hashed', 'encrypted'], { error: 'hashed or encrypted is expected' }).default('hashed'),
    /** `id:key`, or several, the newest first; a key is 32 bytes in base64. */
    CARD_NUMBERS_KEY: z.string().refine(isKeys, { error: 'id:key is expected, the key 32 bytes in base64' }).optional(),
  })
  .superRefine(({ CARD_NUMBERS, CARD_NUMBERS_KEY }, context) => {
    if (CARD_NUMBERS !== 'encrypted' || CARD_NUMBERS_KEY !== undefined) return;
    const message = 'a key is expected where CARD_NUMBERS is encrypted';
    context.addIssue({ code: 'custom', path: ['CARD_NUMBERS_KEY'], message });
  })
  .superRefine(checkStoreEnvironment)
  .superRefine(checkKafkaEnvironment);
export type AccountsEnvironment = z.infer<typeof AccountsEnvironment>;

function isKeys(text: string): boolean {
  try {
    return cardKeys(text).length > 0;
  } catch {
    return false;
  }
}
