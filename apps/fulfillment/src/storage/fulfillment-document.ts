import type { Recollection, Stored } from '@storefront/messaging';
import { type Asked, Fulfillment, type FulfillmentDetails } from '../domain/fulfillment';

type Order = NonNullable<FulfillmentDetails['order']>;
type Item = Order['orderItems'][number];

/** A fulfillment's own part of its document. An original service leaves out what is null and writes prices as text. */
export interface FulfillmentDocument {
  timestamp?: number | null;
  name?: Partial<FulfillmentDetails['name']> | null;
  contact?: Partial<FulfillmentDetails['contact']> | null;
  address?: Partial<FulfillmentDetails['address']> | null;
  order?: OrderDocument | null;
  shippingMethod?: FulfillmentDetails['shippingMethod'];
  awaitsRequest?: boolean;
  adopted?: boolean;
}

interface OrderDocument {
  guid?: string | null;
  orderStatusEvents?: (Omit<Order['orderStatusEvents'][number], 'note'> & { note?: string | null })[] | null;
  orderItems?: ItemDocument[] | null;
}

interface ItemDocument {
  product?: (Partial<Omit<Item['product'], 'price'>> & { price?: number | string | null }) | null;
  quantity?: number | null;
}

const noName = { title: null, firstName: null, middleName: null, lastName: null, suffix: null };
const noContact = { primaryPhone: null, secondaryPhone: null, email: null };
const noAddress = {
  type: null,
  description: null,
  address1: null,
  address2: null,
  city: null,
  state: null,
  postalCode: null,
};

type Former = { readonly events: number; readonly shippingMethod: FulfillmentDocument['shippingMethod'] };

/** A fulfillment's history only grows: how long it was, and the carrier, are all that has to be kept of a former state. */
export const formerFulfillment: Recollection<FulfillmentDocument, Former> = {
  note: ({ order, shippingMethod }) => ({
    events: order?.orderStatusEvents?.length ?? 0,
    shippingMethod: shippingMethod ?? null,
  }),
  restore({ events, shippingMethod }, { state, deleted }) {
    if (deleted || !state.order) return undefined;
    const orderStatusEvents = state.order.orderStatusEvents?.slice(0, events) ?? [];
    return { ...state, shippingMethod, order: { ...state.order, orderStatusEvents } };
  },
};

export function toFulfillment({ id, version, state }: Stored<FulfillmentDocument>): Fulfillment {
  const details = {
    timestamp: state.timestamp ?? null,
    name: state.name ? { ...noName, ...state.name } : null,
    contact: state.contact ? { ...noContact, ...state.contact } : null,
    address: state.address ? { ...noAddress, ...state.address } : null,
    order: state.order ? toOrder(state.order) : null,
    shippingMethod: state.shippingMethod ?? null,
  };
  return new Fulfillment(id, version, details, askedOf(state));
}

export function toDocument({ details, asked }: Fulfillment): FulfillmentDocument {
  return {
    ...details,
    ...(asked === 'again' && { awaitsRequest: true }),
    ...(asked === 'elsewhere' && { adopted: true }),
  };
}

function askedOf({ awaitsRequest, adopted }: FulfillmentDocument): Asked {
  if (awaitsRequest === true) return 'again';
  return adopted === true ? 'elsewhere' : 'once';
}

function toOrder({ guid, orderStatusEvents, orderItems }: OrderDocument): Order {
  return {
    guid: guid ?? '',
    orderStatusEvents: (orderStatusEvents ?? []).map(({ timestamp, orderStatusType, note }) => ({
      timestamp,
      orderStatusType,
      note: note ?? null,
    })),
    orderItems: (orderItems ?? []).map(toItem),
  };
}

function toItem({ product, quantity }: ItemDocument): Item {
  return {
    product: {
      guid: product?.guid ?? '',
      title: product?.title ?? null,
      description: product?.description ?? null,
      price: product?.price === undefined || product.price === null ? null : Number(product.price),
    },
    quantity: quantity ?? 0,
  };
}
