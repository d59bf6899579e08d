import { CardNumberUnknown } from './card-number-unknown';
import { Customer, type CustomerDetails } from './customer';

const visa = {
  type: 'PRIMARY',
  description: 'VISA',
  number: '1234-6789-0000-0000',
  expiration: '6/19',
  nameOnCard: 'Ada Byron',
} as const;
const amex = { ...visa, type: 'ALTERNATE', description: 'American Express', number: '3782 822463 10005' } as const;

function details(creditCards: CustomerDetails['creditCards']): CustomerDetails {
  return {
    name: { title: 'Ms.', firstName: 'Ada', middleName: null, lastName: 'Byron', suffix: null },
    contact: { primaryPhone: '555-1', secondaryPhone: null, email: 'ada@example.org' },
    addresses: [],
    creditCards,
  };
}

function numbers(customer: Customer): unknown {
  return customer.details.creditCards?.map((card) => card.number);
}

describe('what a customer shows of a card number', () => {
  it.each([
    ['1234-6789-0000-0000', '****-****-****-0000'],
    ['1234 6789 0000 1111', '****-****-****-1111'],
    ['378282246310005', '****-****-****-0005'],
    ['12345', '****-****-****-2345'],
    ['1234', '****-****-****-****'],
    ['1', '****-****-****-****'],
    ['', '****-****-****-****'],
    ['no digits at all', '****-****-****-****'],
    [null, null],
  ])('%j is shown as %j', (number, shown) => {
    const customer = new Customer('a', 1, details([{ ...visa, number }]), undefined);
    expect(customer.shown.creditCards?.[0]?.number).toBe(shown);
  });

  it('is all that JSON has of it', () => {
    const text = JSON.stringify(Customer.register('a', details([visa, amex])));
    expect(text).toContain('"number":"****-****-****-0000"');
    expect(text).not.toMatch(/1234-6789|822463/);
  });

  it('leaves the stored number as it is', () => {
    const customer = Customer.register('a', details([visa]));
    expect(customer.shown.creditCards).not.toBe(customer.details.creditCards);
    expect(numbers(customer)).toEqual([visa.number]);
  });

  it('is nothing when there are no cards', () => {
    expect(Customer.register('a', details(null)).shown.creditCards).toBeNull();
    expect(Customer.register('a', details([])).shown.creditCards).toEqual([]);
  });
});

describe('a customer who is amended', () => {
  const customer = Customer.register('a', details([visa, amex]));

  it('keeps the numbers that come back masked', () => {
    expect(numbers(customer.amend(customer.shown))).toEqual([visa.number, amex.number]);
  });

  it('keeps them with their cards when these come in another order', () => {
    const same = { ...amex, number: '9999-8888-7777-0000' };
    const lookAlikes = Customer.register('a', details([visa, same]));
    const shown = lookAlikes.shown.creditCards ?? [];
    expect(numbers(lookAlikes.amend(details(shown.toReversed())))).toEqual([same.number, visa.number]);
  });

  it('keeps the number in its place when two cards look the same', () => {
    const twins = Customer.register('a', details([visa, { ...visa, number: '4444-0000' }]));
    expect(numbers(twins.amend(twins.shown))).toEqual([visa.number, '4444-0000']);
  });

  it('keeps the number of a card whose other fields changed', () => {
    const renewed = { ...visa, number: '****-****-****-0000', expiration: '6/29' };
    expect(customer.amend(details([renewed])).details.creditCards).toEqual([{ ...renewed, number: visa.number }]);
  });

  it('takes new numbers', () => {
    expect(numbers(customer.amend(details([{ ...visa, number: '5555-6666' }])))).toEqual(['5555-6666']);
  });

  it.each(['****-****-****-1234', '****', '*', '1234-6789-0000-****'])(
    'refuses %s, which no card looks like',
    (number) => {
      const amend = () => customer.amend(details([amex, { ...visa, number }]));
      expect(amend).toThrow(CardNumberUnknown);
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
    customer.amend(details(null));
    expect(customer.details).toEqual(before);
  });

  it('is still whose he was', () => {
    const sample = new Customer('a', 7, details(null), 'john-doe').amend(details([visa]));
    expect(sample).toMatchObject({ id: 'a', version: 7, sample: 'john-doe' });
  });
});

describe('a new customer', () => {
  it('cannot have a masked number', () => {
    expect(() => Customer.register('a', details([{ ...visa, number: '****-****-****-0000' }]))).toThrow(
      CardNumberUnknown,
    );
  });

  it('has one id in whichever case its hex digits are written', () => {
    expect(Customer.register('ABCDEFABCDEFABCDEFABCDEF', details(null)).id).toBe('abcdefabcdefabcdefabcdef');
    expect(Customer.register('Ada', details(null)).id).toBe('Ada');
  });
});
