import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exporterFaults, identityFaults, secretFaults, terraformFaults } from './infra';
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

it.each([
  [
    'eks-msk/identities.tf',
    '"kafka-cluster:DescribeTopicDynamicConfiguration", "kafka-cluster:ReadData"',
    '"kafka-cluster:ReadData"',
  ],
  ['msk-acls/main.tf', 'Read  = ["Describe", "DescribeConfigs"]', 'Read  = ["Describe"]'],
])('infra/%s tells where a reader may not know how long its topics keep records', (path, whole, changed) => {
  expect(file(path)).toContain(whole);
  expect(terraformFaults(file(path).replace(whole, changed))).toContain(
    "Kafka's user orders may not DescribeConfigs topic accounts.customer.change",
  );
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

describe('pod identities in Terraform', () => {
  const place = (account: string, mechanism = 'AWS_MSK_IAM') =>
    Manifests.parse(`kind: ConfigMap
metadata: { name: kafka, namespace: storefront }
data: { KAFKA_SASL_MECHANISM: ${mechanism} }
${['accounts', 'orders', account, 'toolbox']
  .map(
    (name) => `---
kind: Deployment
metadata: { name: ${name}, namespace: storefront }
spec: { template: { spec: { serviceAccountName: ${name}, containers: [{ envFrom: [{ configMapRef: { name: kafka } }] }] } } }`,
  )
  .join('\n')}
---
kind: Deployment
metadata: { name: without-kafka, namespace: storefront }
spec: { template: { spec: { serviceAccountName: without-kafka, containers: [{}] } } }`);
  const text = file('eks-msk/identities.tf');

  it('are those of the pods', () => {
    expect(identityFaults(place('fulfillment'), text)).toEqual([]);
  });

  it('tells a pod without one, and one without a pod', () => {
    expect(identityFaults(place('shipping'), text)).toEqual([
      'infra/ gives storefront/shipping no identity',
      'storefront/fulfillment of infra/ is nobody',
    ]);
    expect(
      identityFaults(place('fulfillment'), text.replace('namespace       = "storefront"', 'namespace = "shop"')),
    ).toEqual(
      ['accounts', 'orders', 'fulfillment', 'toolbox'].map((name) => `infra/ gives storefront/${name} no identity`),
    );
  });

  it('are not needed where Kafka knows passwords', () => {
    expect(identityFaults(place('shipping', 'SCRAM-SHA-512'), text)).toEqual([]);
  });
});

describe("MSK's exporters", () => {
  const scrapes = readFileSync(join(__dirname, '../k8s/components/msk-monitoring/scrape-configs.yaml'), 'utf8');

  it('are looked for by the names that they are given', () => {
    expect(exporterFaults(Manifests.parse(scrapes), file('eks-msk/monitoring.tf'))).toEqual([]);
    const lost = exporterFaults(
      Manifests.parse(scrapes.replace('_jmx._tcp', '_jmx._udp')),
      file('eks-msk/monitoring.tf'),
    );
    expect(lost).toEqual(['ScrapeConfig msk: infra/ gives nobody the name _jmx._udp.msk.storefront.internal']);
  });
});
