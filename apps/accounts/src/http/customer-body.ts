import {
  Address,
  AddressType,
  boundedList,
  canonicalId,
  Contact,
  CreditCard,
  CreditCardType,
  eventList,
  EventText,
  mostCharacters,
  mostElements,
  Name,
  PathSafeId,
} from '@storefront/contracts';
import { InvalidRequest, invalidRequest } from '@storefront/hal';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

/** Which texts and lists a customer consists of. */
interface Parts {
  text(kind: keyof typeof mostCharacters): z.ZodString;
  list<T extends z.ZodType>(element: T, kind: 'addresses' | 'creditCards'): z.ZodArray<T>;
}

const bounded: Parts = {
  text: (kind) => z.string().max(mostCharacters[kind]),
  list: (element, kind) => boundedList(element, mostElements[kind]),
};

/** As long as they may be in an event. */
const stored: Parts = { text: () => EventText, list: (element) => eventList(element) };

/** A customer as a client sends one: the fields that must be there are there. Card numbers may be masked ones. */
export const CustomerBody = bodyOf(bounded);
export type CustomerBody = z.infer<typeof CustomerBody>;

/** A new customer may bring an id. */
export const NewCustomerBody = CustomerBody.extend({ id: PathSafeId.nullish() });
export type NewCustomerBody = z.infer<typeof NewCustomerBody>;

/** A customer of before there were limits, with the texts and lists of then. */
const StoredCustomerBody = bodyOf(stored);

/** A patched customer, and the one that the patch was made for. */
export interface PatchedCustomer {
  readonly id: string;
  readonly shown: object;
  readonly patched: unknown;
}

/**
 * What a patch has made of a customer. A text or a list that is longer than a request may have it is let through where it was
 * stored so before there were limits, and the patch has not changed it. Throws InvalidRequest with the fields that are wrong.
 */
export function customerBody({ id, shown, patched }: PatchedCustomer): CustomerBody {
  const given = valueAt(patched, ['id']);
  if (given !== undefined && (typeof given !== 'string' || canonicalId(given) !== id))
    throw new InvalidRequest([{ field: 'id', message: 'cannot be changed' }]);
  const result = CustomerBody.safeParse(patched);
  if (result.success) return result.data;
  const { issues } = result.error;
  const isStoredSo = ({ code, path }: (typeof issues)[number]) =>
    code === 'too_big' && isDeepStrictEqual(valueAt(patched, path), valueAt(shown, path));
  const faults = issues.filter((issue) => !isStoredSo(issue));
  const stored = faults.length === 0 ? StoredCustomerBody.safeParse(patched) : undefined;
  if (stored?.success) return stored.data;
  throw invalidRequest(stored?.error.issues ?? faults);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

function bodyOf({ text, list }: Parts) {
  const optional = (kind: keyof typeof mostCharacters) => text(kind).nullable().default(null);
  const address = Address.extend({
    type: AddressType,
    description: text('description'),
    address1: text('addressLine'),
    address2: optional('addressLine'),
    city: text('name'),
    state: text('name'),
    postalCode: text('postalCode'),
  });
  const creditCard = CreditCard.extend({
    type: CreditCardType,
    description: text('description'),
    number: text('cardNumber'),
    expiration: text('cardExpiration'),
    nameOnCard: text('name'),
  });
  return z.object({
    name: Name.extend({
      title: text('name'),
      firstName: text('name'),
      middleName: optional('name'),
      lastName: text('name'),
      suffix: optional('name'),
    }),
    contact: Contact.extend({
      primaryPhone: text('phone'),
      secondaryPhone: optional('phone'),
      email: text('email'),
    }),
    addresses: list(address, 'addresses'),
    creditCards: list(creditCard, 'creditCards').nullable().default(null),
  });
}
