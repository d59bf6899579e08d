import { z } from 'zod';
import { EventText } from './limits';

/** How a customer is reached. `null` as in `Name`. */
export const Contact = z.object({
  primaryPhone: EventText.nullable(),
  secondaryPhone: EventText.nullable().default(null),
  email: EventText.nullable(),
});
export type Contact = z.infer<typeof Contact>;
