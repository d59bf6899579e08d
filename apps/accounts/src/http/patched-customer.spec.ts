import { jsonPatch, mergePatch, type Patch, replacingPatch } from '@storefront/hal';
import type { CreditCard } from '@storefront/contracts';
import { randomBytes } from 'node:crypto';
import { cardKeys } from '../domain/card-keys';
import { CardNumberRefused } from '../domain/card-number-refused';
import { CardVault } from '../domain/card-vault';
import { Customer, type CustomerDetails } from '../domain/customer';
import { CustomerBody } from './customer-body';
import { patchedCustomer } from './patched-customer';

const vault = new CardVault(cardKeys(`a:${randomBytes(32).toString('base64')}`), 'encrypted');
const someone: CustomerDetails = {
  name: { title: 'Ms.', firstName: 'Ada', middleName: null, lastName: 'Byron', suffix: null },
  contact: { primaryPhone: '555-1', secondaryPhone: null, email: 'ada@example.org' },
  addresses: [],
  creditCards: null,
};

const json =
  (operations: unknown): Patch =>
  (current, options) =>
    jsonPatch(current, operations, options);
const merge =
  (body: unknown): Patch =>
  (current) =>
    mergePatch(current, body);
const replacing =
  (body: unknown): Patch =>
  (current) =>
    replacingPatch(current, body);

function card(place: number, number: string): CreditCard {
  return { type: 'PRIMARY', description: `card ${place}`, number, expiration: `${place}/30`, nameOnCard: 'Ada' };
}

function numbers({ id, details }: Customer): (string | null | undefined)[] {
  return (details.creditCards ?? []).map(({ number }) => number && vault.open(number, id));
}

function amended(customer: Customer, patch: Patch): Customer {
  return customer.amend(patchedCustomer(customer.id, customer.shown, patch), vault);
}

const [one, two, three] = ['1111222233330000', '4444555566660000', '4111111111111111'] as const;
const start = Customer.register('a', { ...someone, creditCards: [card(0, one), card(1, two), card(2, three)] }, vault);
const same = { ...card(0, one), description: 'the same' };
const identical = Customer.register('a', { ...someone, creditCards: [same, { ...same, number: two }] }, vault);

describe('a patch of a customer whose cards look the same', () => {
  it.each<[string, Patch, readonly string[]]>([
    ['moves one', json([{ op: 'move', from: '/creditCards/1', path: '/creditCards/0' }]), [two, one, three]],
    ['removes one', json([{ op: 'remove', path: '/creditCards/0' }]), [two, three]],
    [
      'exchanges what is written on them',
      json([
        { op: 'test', path: '/creditCards/0/number', value: '****-****-****-0000' },
        { op: 'replace', path: '/creditCards/0/description', value: 'card 1' },
        { op: 'replace', path: '/creditCards/0/expiration', value: '1/30' },
        { op: 'replace', path: '/creditCards/1/description', value: 'card 0' },
        { op: 'replace', path: '/creditCards/1/expiration', value: '0/30' },
      ]),
      [one, two, three],
    ],
    [
      'has a test of a whole card',
      json([{ op: 'test', path: '/creditCards/1', value: start.shown.creditCards?.[1] }]),
      [one, two, three],
    ],
    ['says nothing of cards', merge({ name: { title: 'Dr.' } }), [one, two, three]],
    ['changes one, element by element', merge({ creditCards: [{}, { expiration: '0/30' }, {}] }), [one, two, three]],
    ['cuts', merge({ creditCards: [{}, {}] }), [one, two]],
    [
      'gives all of them in another order, element by element',
      merge({ creditCards: start.shown.creditCards?.toReversed() }),
      [three, two, one],
    ],
    [
      'gives all of them in another order, as a whole',
      replacing({ creditCards: start.shown.creditCards?.toReversed() }),
      [three, two, one],
    ],
  ])('that %s keeps their numbers', (_, patch, meant) => {
    expect(numbers(amended(start, patch))).toEqual(meant);
  });

  it('tells even those apart that differ in their numbers alone', () => {
    const move = json([{ op: 'move', from: '/creditCards/1', path: '/creditCards/0' }]);
    expect(numbers(amended(identical, move))).toEqual([two, one]);
    expect(numbers(amended(identical, json([{ op: 'remove', path: '/creditCards/0' }])))).toEqual([two]);
    expect(numbers(amended(identical, merge({ creditCards: [{}, { expiration: '9/39' }] })))).toEqual([one, two]);
  });

  it.each<[string, Patch, string]>([
    ['copies one', json([{ op: 'copy', from: '/creditCards/0', path: '/creditCards/1' }]), 'creditCards[1].number'],
    [
      'gives one of two that nothing tells apart',
      replacing({ creditCards: [identical.shown.creditCards?.[0]] }),
      'creditCards[0].number',
    ],
  ])('that %s is refused', (_, patch, field) => {
    expect(() => amended(identical, patch)).toThrow(CardNumberRefused);
    expect(() => amended(identical, patch)).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ field })] }),
    );
  });
});

describe('three cards of one mask, each with other fields', () => {
  const told = { description: 'blue', nameOnCard: 'Bob', type: 'ALTERNATE', expiration: '1/30' } as const;
  const [first, second, third] = ['4111111111111111', '5105105105101111', '6011000000001111'] as const;
  const cards = [
    { ...card(0, first), expiration: '1/30' },
    { ...told, number: second },
    { ...told, number: third, description: 'red', nameOnCard: 'Eve' },
  ];
  const customer = Customer.register('a', { ...someone, creditCards: cards }, vault);
  const [one, two, three] = customer.shown.creditCards as [CreditCard, CreditCard, CreditCard];
  const replace = (place: number, value: unknown) => json([{ op: 'replace', path: `/creditCards/${place}`, value }]);
  const renamed = { ...one, description: 'new', nameOnCard: 'New' };

  it.each<[string, Patch, readonly number[]]>([
    ['puts another one over one', replace(0, two), [0]],
    ['puts another one, little changed, over one', replace(0, { ...two, description: 'sky' }), [0]],
    ['puts another one over one, element by element', merge({ creditCards: [two, {}, {}] }), [0]],
    ['puts one over two', replacing({ creditCards: [two, two, three] }), [0, 1]],
    ['puts what is unlike all over one', replace(0, { ...renamed, type: 'ALTERNATE', expiration: '9/39' }), [0]],
    ['gives one of which only the type and what all have are left', replacing({ creditCards: [renamed] }), [0]],
    ['merges one of which only the type and what all have are left', merge({ creditCards: [renamed] }), [0]],
    ['gives one so beside the others', replacing({ creditCards: [renamed, two, three] }), [0]],
    ['copies one', json([{ op: 'copy', from: '/creditCards/1', path: '/creditCards/0' }]), [2]],
  ])('are refused a patch that %s', (_, patch, positions) => {
    const errors = positions.map((place) => expect.objectContaining({ field: `creditCards[${place}].number` }));
    expect(() => amended(customer, patch)).toThrow(expect.objectContaining({ kind: 'invalid', errors }));
  });

  it.each<[string, Patch, readonly string[]]>([
    ['exchanges two', json([{ op: 'move', from: '/creditCards/1', path: '/creditCards/0' }]), [second, first, third]],
    ['gives two in another order', merge({ creditCards: [two, one, {}] }), [second, first, third]],
    ['gives one alone', replacing({ creditCards: [three] }), [third]],
    ['changes a field in place', replace(0, { ...one, description: 'sky' }), [first, second, third]],
    [
      'changes all by name, in place',
      json(
        Object.entries({ description: 'blue', nameOnCard: 'Bob', type: 'ALTERNATE' }).map(([field, value]) => ({
          op: 'replace',
          path: `/creditCards/0/${field}`,
          value,
        })),
      ),
      [first, second, third],
    ],
    [
      'puts one where it was taken away',
      json([
        { op: 'replace', path: '/creditCards/0', value: two },
        { op: 'remove', path: '/creditCards/1' },
      ]),
      [second, third],
    ],
    ['gives a whole number', replace(0, { ...two, number: '4222222222221111' }), ['4222222222221111', second, third]],
  ])('keep their numbers in a patch that %s', (_, patch, meant) => {
    expect(numbers(amended(customer, patch))).toEqual(meant);
  });
});

/** A card of the model: its number and what it is called. */
interface Known {
  readonly number: string;
  readonly description: string;
}

describe('cards under random changes by every method', () => {
  /** Numerical Recipes' generator: the same operations in every run. */
  const randomOf = (seed: number) => (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };

  it.each(Array.from({ length: 40 }, (_, seed) => seed))('keep their numbers: seed %i', (seed) => {
    const random = randomOf(seed);
    // few last digits, so that most cards look like another one
    const newNumber = () => `4${String(1e11 + random(1e11)).slice(1)}${random(2)}000`;
    let model: Known[] = [];
    let customer = Customer.register('a', { ...someone, creditCards: [] }, vault);
    for (let step = 0; step < 25; step++) {
      const place = random(model.length || 1);
      const added = { number: newNumber(), description: `card ${step}` };
      const next = [...model];
      let operation: object = { op: 'add', path: '/creditCards/-', value: card(step, added.number) };
      const kind = model.length === 0 ? 0 : random(4);
      if (kind === 0) next.push(added);
      else if (kind === 1) {
        operation = { op: 'remove', path: `/creditCards/${place}` };
        next.splice(place, 1);
      } else if (kind === 2) {
        const to = random(model.length);
        operation = { op: 'move', from: `/creditCards/${place}`, path: `/creditCards/${to}` };
        next.splice(to, 0, ...next.splice(place, 1));
      } else {
        operation = { op: 'replace', path: `/creditCards/${place}/description`, value: added.description };
        next[place] = { number: next[place]?.number ?? '', description: added.description };
      }
      const { creditCards } = jsonPatch(customer.shown, [operation]) as { creditCards: CreditCard[] };
      const methods = [
        () => amended(customer, json([operation])),
        () => amended(customer, replacing({ creditCards })),
        () => amended(customer, merge({ creditCards })),
        () => customer.amend(CustomerBody.parse({ ...customer.shown, creditCards }), vault),
      ];
      // a request either does what is meant or is refused; it never takes one number for another
      const results = methods.flatMap((method) => {
        try {
          return [method()];
        } catch (error) {
          if (!(error instanceof CardNumberRefused) || kind !== 3) throw error;
          return [];
        }
      });
      for (const result of results) {
        expect(numbers(result)).toEqual(next.map(({ number }) => number));
        expect(result.details.creditCards?.map(({ description }) => description)).toEqual(
          next.map(({ description }) => description),
        );
      }
      customer = results[random(results.length)] ?? customer;
      model = next;
    }
  });
});
