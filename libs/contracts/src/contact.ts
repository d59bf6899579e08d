import { z } from 'zod';

/** How a customer is reached. `null` as in `Name`. */
export const Contact = z.object({
  primaryPhone: z.string().nullable(),
  secondaryPhone: z.string().nullable().default(null),
  email: z.string().nullable(),
});
export type Contact = z.infer<typeof Contact>;
