import { type AclEntry, AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { compareAcls, rulesFor } from './acl-plan';

function entry(changes: Partial<AclEntry> = {}): AclEntry {
  return {
    principal: 'User:sa-1',
    host: '*',
    operation: AclOperationTypes.WRITE,
    permissionType: AclPermissionTypes.ALLOW,
    resourceType: AclResourceTypes.TOPIC,
    resourceName: 'orders.order.fulfill',
    resourcePatternType: ResourcePatternTypes.LITERAL,
    ...changes,
  };
}

const told = (rules: ReturnType<typeof rulesFor>) =>
  rules.map(({ operation, on, name }) => `${operation} ${on} ${name}`);

describe('the rights of a service', () => {
  it('are to write its topic, and to read those of others as its group', () => {
    expect(told(rulesFor('accounts', 'a'))).toEqual(['WRITE TOPIC accounts.customer.change']);
    expect(told(rulesFor('orders', 'o'))).toEqual([
      'WRITE TOPIC orders.order.fulfill',
      'READ TOPIC accounts.customer.change',
      'DESCRIBE_CONFIGS TOPIC accounts.customer.change',
      'READ TOPIC fulfillment.order.change',
      'DESCRIBE_CONFIGS TOPIC fulfillment.order.change',
      'READ GROUP orders',
    ]);
    expect(told(rulesFor('orders', 'o', { topicPrefix: 'test-', groupPrefix: 'test.' }))).toEqual([
      'WRITE TOPIC test-orders.order.fulfill',
      'READ TOPIC test-accounts.customer.change',
      'DESCRIBE_CONFIGS TOPIC test-accounts.customer.change',
      'READ TOPIC test-fulfillment.order.change',
      'DESCRIBE_CONFIGS TOPIC test-fulfillment.order.change',
      'READ GROUP test.orders',
    ]);
    expect(told(rulesFor('fulfillment', 'f', { create: true }))).toEqual([
      'WRITE TOPIC fulfillment.order.change',
      'CREATE TOPIC fulfillment.order.change',
      'READ TOPIC orders.order.fulfill',
      'DESCRIBE_CONFIGS TOPIC orders.order.fulfill',
      'READ GROUP fulfillment',
    ]);
  });

  const rules = rulesFor('orders', 'sa-1');

  it.each<[string, Partial<AclEntry>]>([
    ['of another user', { principal: 'User:sa-2' }],
    ['from one host only', { host: '10.0.0.1' }],
    ['for a prefix', { resourcePatternType: ResourcePatternTypes.PREFIXED }],
    ['that forbids', { permissionType: AclPermissionTypes.DENY }],
    ['for another operation', { operation: AclOperationTypes.READ }],
  ])('are missing where there is only a rule %s', (_, changes) => {
    expect(compareAcls(rules, [entry(changes)]).missing).toHaveLength(6);
  });

  it('that are there are not made again; what else these users may do is told', () => {
    const { missing, present, others } = compareAcls(rules, [
      entry(),
      entry({ operation: AclOperationTypes.ALL, resourceName: 'other' }),
      entry({ principal: 'User:somebody' }),
    ]);
    expect([missing.length, told([...present])]).toEqual([5, ['WRITE TOPIC orders.order.fulfill']]);
    expect(others).toEqual(['User:sa-1 ALLOW ALL TOPIC other (LITERAL) from *']);
  });
});
