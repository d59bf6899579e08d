import { type Address, canonicalId, type Contact, type CreditCard, type Name } from '@storefront/contracts';
import type { CardVault } from './card-vault';
import { type GivenCard, type KeptCard, masked } from './kept-card';
import { keptCards } from './kept-cards';

interface Details<Card> {
  readonly name: Name;
  readonly contact: Contact;
  readonly addresses: readonly Address[];
  readonly creditCards: readonly Card[] | null;
}

/** What a client tells of a customer. */
export type CustomerDetails = Details<GivenCard>;

/** What a client sees of a customer: of card numbers the last four digits. */
export type ShownDetails = Details<CreditCard>;

/** What is kept of a customer: of card numbers the last four digits and what tells whether they are the same. */
export type KeptDetails = Details<KeptCard>;

/** A customer as the store has him. What leaves the service is `shown`, `toJSON` or an event. */
export class Customer {
  readonly id: string;

  constructor(
    id: string,
    readonly version: number,
    readonly details: KeptDetails,
    /** Which of the sample customers he is, where the sample URL made him: it may overwrite only what it made itself. */
    readonly sample?: string,
  ) {
    this.id = canonicalId(id);
  }

  /** A new customer. Throws CardNumberRefused for what is no number, and for a masked one, which stands for nothing yet. */
  static register(id: string, details: CustomerDetails, vault: CardVault, sample?: string): Customer {
    const nobody = { ...details, creditCards: [] };
    return new Customer(id, 0, nobody, sample).amend(details, vault);
  }

  /** The customer with other details. A masked card number keeps the stored one that it stands for. Throws CardNumberRefused. */
  amend(details: CustomerDetails, vault: CardVault): Customer {
    const owner = { id: this.id, cards: this.details.creditCards ?? [] };
    const creditCards = details.creditCards && keptCards(details.creditCards, owner, vault);
    return new Customer(this.id, this.version, { ...details, creditCards }, this.sample);
  }

  /** The details as a client sees them. */
  get shown(): ShownDetails {
    const { creditCards } = this.details;
    return {
      ...this.details,
      creditCards: creditCards?.map((card) => ({ ...card, number: card.number && masked(card.number) })) ?? null,
    };
  }

  toJSON(): object {
    return { id: this.id, ...this.shown };
  }
}
