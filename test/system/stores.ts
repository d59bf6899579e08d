import type { Address, Contact, Name, OrderItem, OrderStatusEvent } from '@storefront/contracts';
import { mongo } from 'mongoose';

/** What every document of ours has besides its state. */
interface Kept {
  _id: mongo.ObjectId | string;
  version?: number;
  deleted?: boolean;
  outbox?: { version: number; id: string; value: string | null }[];
  outboxSince?: number;
  eventVersion?: number;
}

export interface CustomerDocument extends Kept {
  name?: Name;
  contact?: Contact;
  addresses?: Address[];
}

export interface OrderDocument extends Kept {
  customerId?: string;
  status?: string;
  orderStatusEvents?: OrderStatusEvent[];
  orderItems?: OrderItem[];
  fulfillmentRequested?: boolean;
  fulfillmentVersion?: number;
}

export interface FulfillmentDocument extends Kept {
  order?: { guid: string; orderStatusEvents: OrderStatusEvent[]; orderItems: OrderItem[] };
  address?: { city: string };
  shippingMethod?: string | null;
}

export interface LaneDocument {
  _id: string;
  topic: string;
  reason: string;
  events: {
    position: string;
    key: mongo.Binary | null;
    value: mongo.Binary | null;
    headers: { name: string; value: mongo.Binary | null }[];
  }[];
}

/** Positions of one partition whose offsets have the same thousands: records that are set aside without their bytes. */
export interface PositionsDocument {
  _id: string;
  topic: string;
  partition: number;
  chunk: number;
  /** `o` counts from the first offset of the chunk. */
  entries: { o: number }[];
  /** By `o`: where a batch that was set aside as a whole begins; the entry is its end. */
  facts?: Record<string, { first?: number }>;
}

/** The databases of the three services, seen from outside. */
export class Stores {
  private constructor(private readonly client: mongo.MongoClient) {}

  static async open(uri: string): Promise<Stores> {
    const patience = { serverSelectionTimeoutMS: 20_000, socketTimeoutMS: 20_000 };
    return new Stores(await mongo.MongoClient.connect(uri, patience));
  }

  /** The service's store knows nothing of its topics' logs any more: it takes over where its group stands. */
  async forgetOffsets(service: 'orders' | 'fulfillment'): Promise<void> {
    await this.client.db(service).collection('consumer.offsets').deleteMany({});
  }

  get customers(): mongo.Collection<CustomerDocument> {
    return this.client.db('accounts').collection('customer.accounts');
  }

  /** Orders' copy of the customers. */
  get replicas(): mongo.Collection<CustomerDocument> {
    return this.client.db('orders').collection('customers');
  }

  get orders(): mongo.Collection<OrderDocument> {
    return this.client.db('orders').collection('orders');
  }

  get fulfillments(): mongo.Collection<FulfillmentDocument> {
    return this.client.db('fulfillment').collection('fulfillment.requests');
  }

  lanes(service: 'orders' | 'fulfillment'): mongo.Collection<LaneDocument> {
    return this.client.db(service).collection('parked.events');
  }

  positions(service: 'orders' | 'fulfillment'): mongo.Collection<PositionsDocument> {
    return this.client.db(service).collection('parked.positions');
  }

  async allLanes(): Promise<LaneDocument[]> {
    const lanes = [this.lanes('orders'), this.lanes('fulfillment')];
    return (await Promise.all(lanes.map((lane) => lane.find().toArray()))).flat();
  }

  close(): Promise<void> {
    return this.client.close(true);
  }
}

/** As the services store an id: 24 hex digits are an ObjectId. */
export function documentId(id: string): mongo.ObjectId | string {
  return /^[0-9a-f]{24}$/.test(id) ? new mongo.ObjectId(id) : id;
}

export function idOf({ _id }: { _id: mongo.ObjectId | string }): string {
  return String(_id);
}

export async function byId<D extends Kept>(documents: mongo.Collection<D>): Promise<Map<string, D>> {
  const all = (await documents.find().toArray()) as unknown as D[];
  return new Map(all.map((document) => [idOf(document), document]));
}
