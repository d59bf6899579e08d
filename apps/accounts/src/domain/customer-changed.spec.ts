import { CustomerChange } from '@storefront/contracts';
import { CardVault } from './card-vault';
import { Customer, type CustomerDetails } from './customer';
import { customerChanged } from './customer-changed';
import { sampleCustomers } from './sample-customers';

describe('the fact that a customer changed', () => {
  const [details] = [...sampleCustomers.values()] as [CustomerDetails];
  const event = customerChanged(Customer.register('a', details, new CardVault(), 'john-doe'));

  it('is what the contract says, field by field in its order', () => {
    expect(JSON.stringify(event.value)).toBe(JSON.stringify(CustomerChange.parse(event.value)));
    expect(Object.keys(event.value)).toEqual(['id', 'name', 'contact', 'addresses']);
  });

  it('has no card in it', () => {
    expect(JSON.stringify(event)).not.toMatch(/card|number|VISA/i);
  });
});
