import { kafkaEnvironment, parkingEnvironment } from '@storefront/messaging';
import { serviceEnvironment } from '@storefront/service';
import { z } from 'zod';

/** What the service reads from its environment. */
export const OrdersEnvironment = z.object({ ...serviceEnvironment(8090), ...kafkaEnvironment, ...parkingEnvironment });
export type OrdersEnvironment = z.infer<typeof OrdersEnvironment>;
