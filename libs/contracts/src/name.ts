import { z } from 'zod';

/**
 * How a customer is addressed. Every field travels, `null` where there is no value; the original services may send `null`
 * in any of them, so a request that must have one tightens it (`Name.extend({ firstName: z.string() })`).
 */
export const Name = z.object({
  title: z.string().nullable(),
  firstName: z.string().nullable(),
  middleName: z.string().nullable().default(null),
  lastName: z.string().nullable(),
  suffix: z.string().nullable().default(null),
});
export type Name = z.infer<typeof Name>;
