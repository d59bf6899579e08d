import { z } from 'zod';
import { EventText } from './limits';

/**
 * How a customer is addressed. Every field travels, `null` where there is no value; the original services may send `null`
 * in any of them, so a request that must have one tightens it (`Name.extend({ firstName: z.string().max(…) })`).
 */
export const Name = z.object({
  title: EventText.nullable(),
  firstName: EventText.nullable(),
  middleName: EventText.nullable().default(null),
  lastName: EventText.nullable(),
  suffix: EventText.nullable().default(null),
});
export type Name = z.infer<typeof Name>;
