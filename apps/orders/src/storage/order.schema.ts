import { Schema } from 'mongoose';

/** Names model and collection, and keeps the index. Documents are read and written as they are. */
export const orderModel = {
  name: 'Order',
  collection: 'orders',
  schema: new Schema({ _id: Schema.Types.Mixed }, { strict: false, versionKey: false }).index({
    customerId: 1,
    placedAt: 1,
  }),
};
