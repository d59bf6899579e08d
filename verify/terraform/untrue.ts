import type { Broken } from './configuration';

/** What is valid, and must still not pass the tests of the folder. */
export const untrue: Readonly<Record<string, readonly Broken[]>> = {
  'eks-msk': [
    {
      file: 'monitoring.tf',
      whole: 'jmx = 11001',
      broken: 'jmx = 11002',
      told: "Prometheus finds every broker's JMX exporter.",
    },
    {
      file: 'monitoring.tf',
      whole: 'vpc_id = module.eks_network.vpc_id',
      broken: 'vpc_id = module.msk_network.vpc_id',
      told: "The exporters' names are known in the cluster's network.",
    },
    {
      file: 'users.tf',
      whole: '"AmazonMSK_storefront_${each.key}"',
      broken: '"storefront_${each.key}"',
      told: 'A user a service, in secrets that are called as MSK wants it.',
    },
    {
      file: 'users.tf',
      whole: '  kms_key_id = aws_kms_key.kafka.arn\n',
      broken: '',
      told: 'MSK refuses secrets under the default key.',
    },
    {
      file: 'atlas.tf',
      whole: '"/${each.key}?retryWrites=true"',
      broken: '"/?retryWrites=true"',
      told: "A service's URI names its user, the private address and its database.",
    },
    {
      file: 'kafka.tf',
      whole: '"/msk/iam/brokers"',
      broken: '"/msk/brokers"',
      told: 'The brokers stand where eks-msk-iam reads them.',
    },
    {
      file: 'identities.tf',
      whole: 'slice(split("/", aws_msk_cluster.storefront.arn), 1, 3)',
      broken: 'slice(split("/", aws_msk_cluster.storefront.arn), 0, 2)',
      told: 'Orders gets at its own topic, those it reads, and its group.',
    },
    {
      file: 'networks.tf',
      whole: 'for_each = { for index, id in module.msk_network',
      broken: 'for_each = { for index, id in module.eks_network',
      told: 'Each route table of one network leads to the other.',
    },
    {
      file: 'identities.tf',
      whole: 'namespace       = "storefront"',
      broken: 'namespace       = "shop"',
      told: "Each service's account has an identity.",
    },
  ],
  'msk-acls': [
    {
      file: 'main.tf',
      whole: 'orders      = ["orders.order.fulfill"]',
      broken: 'orders      = []',
      told: "A service writes its own topic and reads the others' that it needs.",
    },
    {
      file: 'main.tf',
      whole: 'concat([verb], local.besides[verb])',
      broken: '[verb]',
      told: 'Who writes or reads a topic may describe it.',
    },
    {
      file: 'main.tf',
      whole: 'acl_principal       = "User:${each.key}"',
      broken: 'acl_principal       = "User:${each.value[0]}"',
      told: 'A consumer is in its own group.',
    },
  ],
};
