import type { Broken } from './configuration';

/** What `terraform validate` must not accept. */
export const invalid: Readonly<Record<string, readonly Broken[]>> = {
  'eks-msk': [
    {
      file: 'kafka.tf',
      whole: 'number_of_broker_nodes = 3',
      broken: 'number_of_brokers = 3',
      told: 'An argument named "number_of_brokers" is not expected here',
    },
    {
      file: 'kafka.tf',
      whole: 'kafka_version          = var.kafka_version',
      broken: '',
      told: 'The argument "kafka_version" is required',
    },
    {
      file: 'kafka.tf',
      whole: 'number_of_broker_nodes = 3',
      broken: 'number_of_broker_nodes = "three"',
      told: 'Inappropriate value for attribute "number_of_broker_nodes": a number is required',
    },
    {
      file: 'kafka.tf',
      whole: 'storage_info {',
      broken: 'storage {',
      told: 'Blocks of type "storage" are not expected here',
    },
    {
      file: 'kafka.tf',
      whole: 'broker_node_group_info {',
      broken: 'rebalancing {\n    status = "ACTIVE"\n  }\n  rebalancing {',
      told: 'No more than 1 "rebalancing" blocks are allowed',
    },
    {
      file: 'kafka.tf',
      whole: 'broker_node_group_info {',
      broken: 'rebalancing {',
      told: 'At least 1 "broker_node_group_info" blocks are required',
    },
    {
      file: 'kafka.tf',
      whole: 'cidr_blocks = [local.eks_cidr]',
      broken: 'cidr_block = local.eks_cidr',
      told: 'An argument named "cidr_block" is not expected here',
    },
    {
      file: 'kafka.tf',
      whole: 'resource "aws_ssm_parameter"',
      broken: 'resource "aws_ssm_parameters"',
      told: 'does not support resource type "aws_ssm_parameters"',
    },
    {
      file: 'users.tf',
      whole: 'kms_key_id = aws_kms_key.kafka.arn',
      broken: 'kms_key_id = aws_kms_key.passwords.arn',
      told: 'A managed resource "aws_kms_key" "passwords" has not been declared',
    },
    {
      file: 'users.tf',
      whole: 'for_each = random_password.kafka',
      broken: 'for_each = ["accounts", "orders"]',
      told: 'Invalid for_each argument',
    },
    {
      file: 'users.tf',
      whole: 'length  = 32',
      broken: 'size    = 32',
      told: 'The argument "length" is required',
    },
    {
      file: 'outputs.tf',
      whole: 'aws_msk_cluster.storefront.bootstrap_brokers_sasl_iam',
      broken: 'aws_msk_cluster.storefront.brokers_sasl_iam',
      told: 'This object has no argument, nested block, or exported attribute named "brokers_sasl_iam"',
    },
    {
      file: 'outputs.tf',
      whole: 'module.eks.cluster_name',
      broken: 'module.eks.name',
      told: 'This object does not have an attribute named "name"',
    },
    {
      file: 'identities.tf',
      whole: 'identifiers = ["pods.eks.amazonaws.com"]',
      broken: 'members     = ["pods.eks.amazonaws.com"]',
      told: 'The argument "identifiers" is required',
    },
    {
      file: 'cluster.tf',
      whole: 'kubernetes_version ',
      broken: 'cluster_version    ',
      told: 'An argument named "cluster_version" is not expected here',
    },
    {
      file: 'networks.tf',
      whole: 'azs                = local.zones',
      broken: 'azs                = { a = "us-east-1a" }',
      told: 'list of string required',
    },
    {
      file: 'atlas.tf',
      whole: 'instance_size = "M10"',
      broken: 'instance_size = { name = "M10" }',
      told: 'Inappropriate value for attribute "replication_specs"',
    },
    {
      file: 'atlas.tf',
      whole: 'connection_strings.private_srv',
      broken: 'connection_strings.private_address',
      told: 'This object does not have an attribute named "private_address"',
    },
    {
      file: 'atlas.tf',
      whole: '    role_name     = "readWrite"\n',
      broken: '',
      told: 'The argument "role_name" is required',
    },
    {
      file: 'versions.tf',
      whole: 'region = var.region',
      broken: 'zone = var.region',
      told: 'An argument named "zone" is not expected here',
    },
  ],
  'msk-acls': [
    {
      file: 'main.tf',
      whole: 'partitions         = 3',
      broken: 'partition          = 3',
      told: 'The argument "partitions" is required',
    },
    {
      file: 'main.tf',
      whole: 'replication_factor = 3',
      broken: 'replication_factor = "three"',
      told: 'a number is required',
    },
    {
      file: 'main.tf',
      whole: 'local.on_topics',
      broken: 'local.topics_on',
      told: 'A local value with the name "topics_on" has not been declared',
    },
  ],
};
