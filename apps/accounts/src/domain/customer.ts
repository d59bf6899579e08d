import type { Address, Contact, CreditCard, Name } from '@storefront/contracts';
import { masked, withNumbers } from './card-numbers';

/** What a customer tells about himself. */
export interface CustomerDetails {
  readonly name: Name;
  readonly contact: Contact;
  readonly addresses: readonly Address[];
  readonly creditCards: readonly CreditCard[] | null;
}

/** A customer as the store has him, card numbers in full: what leaves the service is `shown`, `toJSON` or an event. */
export class Customer {
  readonly id: string;

  constructor(
    id: string,
    readonly version: number,
    readonly details: CustomerDetails,
    /** Which of the sample customers he is, where the sample URL made him: it may overwrite only what it made itself. */
    readonly sample?: string,
  ) {
    this.id = canonical(id);
  }

  /** A new customer. Throws CardNumberUnknown for a masked number: there is none yet that it could stand for. */
  static register(id: string, details: CustomerDetails, sample?: string): Customer {
    return new Customer(id, 0, { ...details, creditCards: withNumbers(details.creditCards, []) }, sample);
  }

  /** The customer with other details. A masked number keeps the stored one it was made from. */
  amend(details: CustomerDetails): Customer {
    const creditCards = withNumbers(details.creditCards, this.details.creditCards ?? []);
    return new Customer(this.id, this.version, { ...details, creditCards }, this.sample);
  }

  /** The details as a client sees them. */
  get shown(): CustomerDetails {
    const { creditCards } = this.details;
    return {
      ...this.details,
      creditCards: creditCards?.map((card) => ({ ...card, number: masked(card.number) })) ?? null,
    };
  }

  toJSON(): object {
    return { id: this.id, ...this.shown };
  }
}

/** 24 hex digits name the same customer in either case. */
function canonical(id: string): string {
  return /^[0-9a-f]{24}$/i.test(id) ? id.toLowerCase() : id;
}
