import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretFaults, terraformFaults } from './infra';
import { Manifests } from './manifests';

const file = (path: string) => readFileSync(join(__dirname, '../infra', path), 'utf8');

describe.each(['eks-msk/identities.tf', 'msk-acls/main.tf'])('infra/%s', (path) => {
  it('gives the rights of the contracts', () => {
    expect(terraformFaults(file(path))).toEqual([]);
  });

  it.each([
    [
      'orders      = ["orders.order.fulfill"]',
      'orders      = []',
      "Kafka's user orders may not Write topic orders.order.fulfill",
    ],
    [
      'fulfillment = ["orders.order.fulfill"]',
      'fulfillment = ["orders"]',
      "Kafka's user fulfillment needs no right to Read topic orders",
    ],
  ])('tells when %j is %j', (whole, changed, fault) => {
    expect(file(path)).toContain(whole);
    expect(terraformFaults(file(path).replace(whole, changed))).toContain(fault);
  });
});

describe('topics and secrets in Terraform', () => {
  it('a topic that forgets is told', () => {
    const text = file('msk-acls/main.tf').replace(
      '"accounts.customer.change" = "-1"',
      '"accounts.customer.change" = local.month',
    );
    expect(terraformFaults(text)).toEqual(['topic accounts.customer.change has retention.ms 2592000000, not -1']);
  });

  it('a secret that nobody makes is told', () => {
    const secret = (key: string) => `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: orders-kafka }
spec: { data: [{ secretKey: password, remoteRef: { key: ${key} } }] }`;
    const users = file('eks-msk/users.tf');
    expect(secretFaults(Manifests.parse(secret('AmazonMSK_storefront_orders')), users)).toEqual([]);
    expect(secretFaults(Manifests.parse(secret('storefront_orders')), users)).toEqual([
      'ExternalSecret orders-kafka: infra/ makes no storefront_orders',
    ]);
  });
});
