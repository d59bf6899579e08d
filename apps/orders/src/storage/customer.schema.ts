import { Schema } from 'mongoose';

/** Names model and collection of the replica. Documents are read and written as they are. */
export const customerModel = {
  name: 'Customer',
  collection: 'customers',
  schema: new Schema({ _id: Schema.Types.Mixed }, { strict: false, versionKey: false }),
};
