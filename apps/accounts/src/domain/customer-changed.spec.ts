import { CustomerChange } from '@storefront/contracts';
import { Customer } from './customer';
import { customerChanged } from './customer-changed';
import { sampleCustomers } from './sample-customers';

describe('the fact that a customer changed', () => {
  const [[id, details]] = [...sampleCustomers] as [[string, NonNullable<ReturnType<typeof sampleCustomers.get>>]];
  const event = customerChanged(Customer.register(id, details));

  it('is what the contract says, field by field in its order', () => {
    expect(JSON.stringify(event.value)).toBe(JSON.stringify(CustomerChange.parse(event.value)));
    expect(Object.keys(event.value)).toEqual(['id', 'name', 'contact', 'addresses']);
  });

  it('has no card in it', () => {
    expect(JSON.stringify(event)).not.toMatch(/card|number|VISA/i);
  });
});
