import { Schema } from 'mongoose';

/** Names model and collection; the collection is the original service's. Documents are read and written as they are. */
export const fulfillmentModel = {
  name: 'Fulfillment',
  collection: 'fulfillment.requests',
  schema: new Schema({ _id: Schema.Types.Mixed }, { strict: false, versionKey: false }),
};
