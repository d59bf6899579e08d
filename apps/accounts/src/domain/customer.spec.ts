import { randomBytes } from 'node:crypto';
import { cardKeys } from './card-keys';
import { CardNumberRefused } from './card-number-refused';
import { CardVault } from './card-vault';
import { Customer, type CustomerDetails } from './customer';
import type { GivenCard } from './kept-card';
import type { CreditCard } from '@storefront/contracts';

const visa = {
  type: 'PRIMARY',
  description: 'VISA',
  number: '1234-6789-0000-0000',
  expiration: '6/19',
  nameOnCard: 'Ada Byron',
} as const;
const changed = { type: 'ALTERNATE', description: 'new', expiration: '1/99', nameOnCard: 'A. B.' } as const;
const amex = { ...visa, type: 'ALTERNATE', description: 'American Express', number: '3782 822463 10005' } as const;

const vault = new CardVault(cardKeys(`a:${randomBytes(32).toString('base64')}`), 'encrypted');

function details(creditCards: CustomerDetails['creditCards']): CustomerDetails {
  return {
    name: { title: 'Ms.', firstName: 'Ada', middleName: null, lastName: 'Byron', suffix: null },
    contact: { primaryPhone: '555-1', secondaryPhone: null, email: 'ada@example.org' },
    addresses: [],
    creditCards,
  };
}

/** The digits of each card, as the key gives them back. */
function numbers({ id, details }: Customer): unknown {
  return details.creditCards?.map((card) => card.number && vault.open(card.number, id));
}

function digits(...cards: readonly { readonly number: string }[]): string[] {
  return cards.map(({ number }) => number.replace(/\D/g, ''));
}

describe('what a customer shows of a card number', () => {
  it.each([
    ['1234-6789-0000-0000', '****-****-****-0000'],
    ['1234 6789 0000 1111', '****-****-****-1111'],
    ['378282246310005', '****-****-****-0005'],
    // what an original service may have stored
    ['12345', '****-****-****-2345'],
    ['1234', '****-****-****-****'],
    ['', '****-****-****-****'],
    ['no digits at all', '****-****-****-****'],
    ['١٢٣٤١٢٣٤١٢٣٤١٢٣٤', '****-****-****-****'],
  ])('%j is shown as %j', (number, shown) => {
    const card = { ...visa, number: vault.keep(number, 'a') };
    const customer = new Customer('a', 1, { ...details(null), creditCards: [card, { ...card, number: null }] });
    expect(customer.shown.creditCards?.map((card) => card.number)).toEqual([shown, null]);
  });

  it('is all that JSON has of it', () => {
    const text = JSON.stringify(Customer.register('a', details([visa, amex]), vault));
    expect(text).toContain('"number":"****-****-****-0000"');
    expect(text).not.toMatch(/1234-6789|822463/);
  });

  it('is nothing when there are no cards', () => {
    expect(Customer.register('a', details(null), vault).shown.creditCards).toBeNull();
    expect(Customer.register('a', details([]), vault).shown.creditCards).toEqual([]);
  });
});

describe('a customer who is amended', () => {
  const customer = Customer.register('a', details([visa, amex]), vault);
  const twin = { ...visa, type: 'ALTERNATE', number: '9999-8888-7777-0000', expiration: '7/20' } as const;
  const twins = Customer.register('a', details([visa, twin]), vault);
  const [shownVisa, shownTwin] = twins.shown.creditCards as [CreditCard, CreditCard];

  it('keeps the numbers that come back masked', () => {
    expect(numbers(customer.amend(customer.shown, vault))).toEqual(digits(visa, amex));
  });

  it.each<[string, readonly GivenCard[], readonly { number: string }[]]>([
    ['as they were', [shownVisa, shownTwin], [visa, twin]],
    ['in another order', [shownTwin, shownVisa], [twin, visa]],
    ['one alone', [shownTwin], [twin]],
    ['one of which changed', [{ ...shownVisa, expiration: '8/29' }, shownTwin], [visa, twin]],
    ['one that changed, told by its type', [{ ...shownVisa, expiration: '8/29' }], [visa]],
    ['in another order, one changed', [shownTwin, { ...shownVisa, expiration: '8/29' }], [twin, visa]],
    [
      'beside a new one that looks the same',
      [{ ...visa, number: '1111222233330000' }, shownTwin, shownVisa],
      [{ number: '1111222233330000' }, twin, visa],
    ],
    ['one of them whole', [shownVisa, { ...shownTwin, number: twin.number }], [visa, twin]],
    [
      'the other one whole, and changed alike',
      [
        { ...shownVisa, expiration: '8/29', number: visa.number },
        { ...shownTwin, expiration: '8/29' },
      ],
      [visa, twin],
    ],
    [
      'kept by place, whatever the rest says',
      [
        { ...shownTwin, keeps: 0 },
        { ...shownVisa, keeps: 1 },
      ],
      [visa, twin],
    ],
  ])('tells two cards that look the same: %s', (_, given, meant) => {
    expect(numbers(twins.amend(details(given), vault))).toEqual(digits(...meant));
  });

  it.each<[string, readonly GivenCard[], readonly number[]]>([
    ['whose type says the one and whose expiration the other', [{ ...shownVisa, expiration: '7/20' }], [0]],
    ['that has nothing of either', [{ ...shownVisa, ...changed, type: null }], [0]],
    [
      'both changed alike',
      [
        { ...shownVisa, ...changed },
        { ...shownTwin, ...changed },
      ],
      [0, 1],
    ],
    ['a card twice', [shownVisa, shownVisa], [0, 1]],
    ['a third', [shownVisa, shownTwin, { ...shownTwin, ...changed }], [2]],
    [
      'one that is kept by another',
      [
        { ...shownVisa, keeps: 0 },
        { ...shownVisa, keeps: 0 },
      ],
      [1],
    ],
    ['one beside its own number', [{ ...visa }, shownVisa, shownTwin], [1]],
    ['one that changed altogether beside the other', [shownTwin, { ...shownVisa, ...changed }], [1]],
    ['one that changed altogether beside the number of the other', [visa, { ...shownTwin, ...changed }], [1]],
    ['a copy of one that is kept, for the one that is left', [shownTwin, { ...shownTwin, keeps: 1 }], [0]],
    [
      'one that has more of a card that is kept than of the one that is left',
      [
        { ...shownTwin, nameOnCard: 'Lady' },
        { ...shownTwin, keeps: 1 },
      ],
      [0],
    ],
  ])('refuses %s', (_, given, positions) => {
    const amend = () => twins.amend(details(given), vault);
    expect(amend).toThrow(CardNumberRefused);
    const errors = positions.map((position) => expect.objectContaining({ field: `creditCards[${position}].number` }));
    expect(amend).toThrow(expect.objectContaining({ kind: 'invalid', errors }));
  });

  it('gives back cards that nothing but their numbers tells apart, as they were; not one of them', () => {
    const same = Customer.register('a', details([visa, { ...visa, number: twin.number }]), vault);
    expect(numbers(same.amend(same.shown, vault))).toEqual(digits(visa, twin));
    expect(() => same.amend(details([shownVisa]), vault)).toThrow(CardNumberRefused);
  });

  it('tells them without a key too, by what else they have', () => {
    const keyless = new CardVault();
    const plain = Customer.register('a', details([visa, twin]), keyless);
    const kept = plain.amend(details([shownTwin, shownVisa]), keyless).details.creditCards;
    expect(kept?.map(({ number, type }) => [number, type])).toEqual([
      [{ last4: '0000', brand: null }, 'ALTERNATE'],
      [{ last4: '0000', brand: null }, 'PRIMARY'],
    ]);
  });

  it('keeps the number of a card whose other fields changed', () => {
    const renewed = { ...visa, number: '****-****-****-0000', expiration: '6/29' };
    const amended = customer.amend(details([renewed]), vault);
    expect(amended.shown.creditCards).toEqual([renewed]);
    expect(numbers(amended)).toEqual(digits(visa));
  });

  it('takes new numbers', () => {
    const next = { ...visa, number: '5555 5555 5555 4444' };
    expect(numbers(customer.amend(details([next]), vault))).toEqual(digits(next));
  });

  it('keeps what is stored of a number that comes again', () => {
    const again = customer.amend(details([{ ...visa, number: '1234 6789 0000 0000' }]), vault);
    expect(again.details.creditCards?.[0]?.number).toBe(customer.details.creditCards?.[0]?.number);
  });

  it.each(['1', '1234', '', 'no digits', '123456789012', '4111--1111-1111-1111', '４１１１１１１１１１１１１１１１'])(
    'takes %j for a number, as the original service does, and keeps it when it comes back masked',
    (number) => {
      const taken = customer.amend(details([{ ...visa, number }]), vault);
      const again = taken.amend(taken.shown, vault);
      expect(again.details.creditCards).toEqual(taken.details.creditCards);
      expect(numbers(again)).toEqual([/^[\d -]*$/.test(number) ? number.replace(/[ -]/g, '') : number]);
    },
  );

  it('refuses a mask without digits that stands for either of two such numbers', () => {
    const two = [
      { ...visa, number: '12' },
      { ...visa, number: '４１１１１１１１１１１１１１１１', expiration: '7/20' },
    ];
    const taken = customer.amend(details(two), vault);
    const one = { ...visa, number: '****-****-****-****', expiration: '1/30' };
    expect(() => taken.amend(details([one]), vault)).toThrow(CardNumberRefused);
    const both = taken.amend(taken.shown, vault);
    expect(numbers(both)).toEqual(['12', '４１１１１１１１１１１１１１１１']);
  });

  it.each(['****-****-****-1234', '****', '*', '1234-6789-0000-****'])(
    'refuses %j, which is no number and stands for no card',
    (number) => {
      const amend = () => customer.amend(details([amex, { ...visa, number }]), vault);
      expect(amend).toThrow(CardNumberRefused);
      expect(amend).toThrow(
        expect.objectContaining({
          kind: 'invalid',
          errors: [expect.objectContaining({ field: 'creditCards[1].number' })],
        }),
      );
    },
  );

  it('has the old state untouched', () => {
    const before = structuredClone(customer.details);
    customer.amend(details(null), vault);
    expect(customer.details).toEqual(before);
  });

  it('is still whose he was', () => {
    const sample = Customer.register('a', details(null), vault, 'john-doe').amend(details([visa]), vault);
    expect(sample).toMatchObject({ id: 'a', version: 0, sample: 'john-doe' });
  });
});

describe('a new customer', () => {
  it('cannot have a masked number', () => {
    expect(() => Customer.register('a', details([{ ...visa, number: '****-****-****-0000' }]), vault)).toThrow(
      CardNumberRefused,
    );
  });

  it('has one id in whichever case its hex digits are written', () => {
    expect(Customer.register('ABCDEFABCDEFABCDEFABCDEF', details(null), vault).id).toBe('abcdefabcdefabcdefabcdef');
    expect(Customer.register('Ada', details(null), vault).id).toBe('Ada');
  });
});
