import { InvalidRequest } from '@storefront/hal';
import { CustomerBody, customerBody, NewCustomerBody } from './customer-body';

const ada = {
  name: { title: 'Ms.', firstName: 'Ada', lastName: 'Byron' },
  contact: { primaryPhone: '555-1', email: 'ada@example.org' },
  addresses: [],
};

function faults(body: unknown): unknown {
  try {
    return customerBody('ada', body);
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

  it('may bring an id that fits a path', () => {
    expect(NewCustomerBody.parse({ ...ada, id: 'ada' }).id).toBe('ada');
    expect(NewCustomerBody.parse({ ...ada, id: null }).id).toBeNull();
    expect(NewCustomerBody.safeParse({ ...ada, id: 'a/b' }).success).toBe(false);
  });
});
