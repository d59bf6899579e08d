import { z } from 'zod';

export const ShippingMethod = z.enum(['USPS', 'FedEx', 'UPS', 'Uber', 'Drone']);
export type ShippingMethod = z.infer<typeof ShippingMethod>;
