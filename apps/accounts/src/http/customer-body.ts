import { Address, AddressType, Contact, CreditCard, CreditCardType, Name, PathSafeId } from '@storefront/contracts';
import { InvalidRequest } from '@storefront/hal';
import { z } from 'zod';

const text = z.string();

/** A customer as a client sends him: the fields that must be there are there. Card numbers may be masked ones. */
export const CustomerBody = z.object({
  name: Name.extend({ title: text, firstName: text, lastName: text }),
  contact: Contact.extend({ primaryPhone: text, email: text }),
  addresses: z.array(
    Address.extend({
      type: AddressType,
      description: text,
      address1: text,
      city: text,
      state: text,
      postalCode: text,
    }),
  ),
  creditCards: z
    .array(
      CreditCard.extend({
        type: CreditCardType,
        description: text,
        number: text,
        expiration: text,
        nameOnCard: text,
      }),
    )
    .nullable()
    .default(null),
});
export type CustomerBody = z.infer<typeof CustomerBody>;

/** A new customer may bring an id. */
export const NewCustomerBody = CustomerBody.extend({ id: PathSafeId.nullish() });
export type NewCustomerBody = z.infer<typeof NewCustomerBody>;

/** What a patch has made of the customer with this id. Throws InvalidRequest with the fields that are wrong. */
export function customerBody(id: string, value: unknown): CustomerBody {
  const given = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  if (given !== undefined && given !== id) throw new InvalidRequest([{ field: 'id', message: 'cannot be changed' }]);
  const result = CustomerBody.safeParse(value);
  if (result.success) return result.data;
  throw new InvalidRequest(
    result.error.issues.map(({ path, message }) => ({ field: z.core.toDotPath(path), message })),
  );
}
