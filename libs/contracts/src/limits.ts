import { z } from 'zod';

/** Elements that a list in a request may have at most. */
export const mostElements = { addresses: 50, creditCards: 50, orderItems: 200 } as const;

/** Characters (UTF-16 code units) that a text in a request may have at most. */
export const mostCharacters = {
  name: 200,
  phone: 100,
  email: 320,
  addressLine: 500,
  postalCode: 50,
  description: 500,
  cardNumber: 100,
  cardExpiration: 50,
  note: 1_000,
} as const;

/**
 * What an event may have at most: all that services have acknowledged before requests had limits of their own, which was what
 * fits in a body of 256 KiB. An event of then is still on its topic, and a customer of then is published again by a repair.
 */
const inEvents = { elements: 4_000, characters: 256 * 1024 } as const;

/** Lists that are longer end at the first fault in them; shorter ones have all their faults told. */
const toldWhole = 50;

/** A text in an event, up to 256 Ki characters. */
export const EventText = z.string().max(inEvents.characters);

/** A list in an event: up to 4,000 elements, checked before any of them is looked at. */
export function eventList<T extends z.ZodType>(element: T): z.ZodArray<T> {
  return boundedList(element, inEvents.elements);
}

/**
 * A list of at most `most` elements. A longer one is refused before any element is looked at, and one of more than 50 is looked
 * at up to its first element that is wrong: a small input cannot make many faults. JSON Schema and OpenAPI tell `maxItems`.
 */
export function boundedList<T extends z.ZodType>(element: T, most: number): z.ZodArray<T> {
  const checks = [z.core._maxLength(most)];
  return new BoundedList({ type: 'array', element, checks }) as unknown as z.ZodArray<T>;
}

const BoundedList = z.core.$constructor<z.ZodArray>('BoundedList', (list, definition) => {
  z.ZodArray.init(list, definition);
  const parse = list._zod.parse;
  list._zod.parse = (payload, context) => {
    const isLong = Array.isArray(payload.value) && payload.value.length > toldWhole;
    return parse(payload, isLong ? { ...context, abortEarly: true } : context);
  };
});
