import { z } from 'zod';

export const CreditCardType = z.enum(['PRIMARY', 'ALTERNATE']);
export type CreditCardType = z.infer<typeof CreditCardType>;
