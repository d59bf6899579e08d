import { z } from 'zod';

export const AddressType = z.enum(['BILLING', 'SHIPPING', 'SHIPPING_ALTERNATE']);
export type AddressType = z.infer<typeof AddressType>;
