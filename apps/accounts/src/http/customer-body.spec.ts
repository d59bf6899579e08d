import { InvalidRequest } from '@storefront/hal';
import { CustomerBody, customerBody, NewCustomerBody } from './customer-body';

const ada = {
  name: { title: 'Ms.', firstName: 'Ada', lastName: 'Byron' },
  contact: { primaryPhone: '555-1', email: 'ada@example.org' },
  addresses: [],
};

function faults(patched: unknown, shown: object = ada): unknown {
  try {
    return customerBody({ id: 'ada', shown, patched });
  } catch (error) {
    return error instanceof InvalidRequest ? error.errors.map(({ field }) => field) : error;
  }
}

describe('a customer in a request', () => {
  it('needs name, contact and addresses', () => {
    expect(faults({})).toEqual(['name', 'contact', 'addresses']);
  });

  it('needs what the original marks as not null', () => {
    const body = { name: { title: null }, contact: {}, addresses: [{}], creditCards: [{}] };
    expect(faults(body)).toEqual([
      'name.title',
      'name.firstName',
      'name.lastName',
      'contact.primaryPhone',
      'contact.email',
      ...['type', 'description', 'address1', 'city', 'state', 'postalCode'].map((field) => `addresses[0].${field}`),
      ...['type', 'description', 'number', 'expiration', 'nameOnCard'].map((field) => `creditCards[0].${field}`),
    ]);
  });

  it('has null where it says nothing', () => {
    expect(JSON.stringify(CustomerBody.parse(ada))).toBe(
      '{"name":{"title":"Ms.","firstName":"Ada","middleName":null,"lastName":"Byron","suffix":null},' +
        '"contact":{"primaryPhone":"555-1","secondaryPhone":null,"email":"ada@example.org"},"addresses":[],"creditCards":null}',
    );
  });

  it('loses what nobody knows', () => {
    expect(CustomerBody.parse({ ...ada, bogus: 1, name: { ...ada.name, zzz: 1 } })).toEqual(CustomerBody.parse(ada));
  });

  it.each([5, true, 1.5, {}, []])('takes no %j for a text', (title) => {
    expect(faults({ ...ada, name: { ...ada.name, title } })).toEqual(['name.title']);
  });

  it.each(['billing', 1, null])('takes no %j for a type of address', (type) => {
    const address = { type, description: 'd', address1: 'a', city: 'c', state: 's', postalCode: 'p' };
    expect(faults({ ...ada, addresses: [address] })).toEqual(['addresses[0].type']);
  });

  it.each(['x', 7, null, [1]])('is not %j', (body) => {
    expect(faults(body)).toEqual(['']);
  });

  const home = { type: 'SHIPPING', description: 'd', address1: 'a', city: 'c', state: 's', postalCode: 'p' };
  const card = { type: 'PRIMARY', description: 'd', number: '1', expiration: 'e', nameOnCard: 'n' };
  const many = (count: number, one: object) => Array.from({ length: count }, () => one);

  it.each([
    [{ addresses: many(50, home) }, []],
    [{ addresses: many(51, home) }, ['addresses']],
    [{ addresses: many(87_000, {}) }, ['addresses']],
    [{ creditCards: many(51, card) }, ['creditCards']],
    [{ name: { ...ada.name, middleName: 'x'.repeat(201) } }, ['name.middleName']],
    [{ contact: { ...ada.contact, email: 'x'.repeat(321) } }, ['contact.email']],
    [{ addresses: [{ ...home, address2: 'x'.repeat(501) }] }, ['addresses[0].address2']],
    [{ creditCards: [{ ...card, nameOnCard: 'x'.repeat(201) }] }, ['creditCards[0].nameOnCard']],
  ])('is of a modest size: %#', (more, fields) => {
    const told = faults({ ...ada, ...more });
    expect(Array.isArray(told) ? told : []).toEqual(fields);
  });

  it('tells 50 faults at most', () => {
    expect(faults({ ...ada, addresses: many(50, {}), creditCards: many(50, {}) })).toHaveLength(50);
  });

  it('may be larger where it was stored so, as long as the patch leaves that alone', () => {
    const old = { ...ada, name: { ...ada.name, lastName: 'x'.repeat(5_000) }, addresses: many(60, home) };
    const grown = { ...old, contact: { ...ada.contact, email: 'new@example.org' } };
    expect(faults(JSON.parse(JSON.stringify(grown)), old)).toMatchObject(grown);
    expect(faults({ ...old, name: { ...old.name, lastName: 'y'.repeat(5_000) } }, old)).toEqual(['name.lastName']);
    expect(faults({ ...old, addresses: many(59, home) }, old)).toEqual(['addresses']);
    expect(faults({ ...old, contact: { ...ada.contact, email: 5 } }, old)).toEqual(['contact.email']);
    expect(faults({ ...old, name: { ...old.name, lastName: 'short' }, addresses: [home] }, old)).toMatchObject({
      name: { lastName: 'short' },
    });
  });

  it('may bring an id that fits a path', () => {
    expect(NewCustomerBody.parse({ ...ada, id: 'ada' }).id).toBe('ada');
    expect(NewCustomerBody.parse({ ...ada, id: null }).id).toBeNull();
    expect(NewCustomerBody.safeParse({ ...ada, id: 'a/b' }).success).toBe(false);
  });
});
