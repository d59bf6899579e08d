import { z } from 'zod';

export const OrderStatusType = z.enum([
  'CREATED', // the customer has placed the order
  'APPROVED', // it is paid and may be fulfilled
  'REJECTED', // it will not be accepted
  'CANCELLED', // it was given up before it left
  'PROCESSING', // it is being packed
  'ON_HOLD', // something is missing
  'SHIPPED', // it was handed to the carrier
  'IN_TRANSIT', // it is on its way
  'RECEIVED', // the customer has it
  'RETURNED', // the customer has sent it back
]);
export type OrderStatusType = z.infer<typeof OrderStatusType>;
