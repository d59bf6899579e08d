# What is made and how it is called, in both ways, without an account: `terraform test`.
mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"] }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_msk_broker_nodes" {
    defaults = {
      node_info_list = [
        {
          attached_eni_id       = "eni-1"
          broker_id             = 1
          client_subnet         = "subnet-4"
          client_vpc_ip_address = "10.0.0.1"
          endpoints             = ["b-1.storefront.kafka.us-east-1.amazonaws.com"]
          node_arn              = "arn:aws:kafka:us-east-1:111122223333:broker/storefront/0-1/1"
        },
        {
          attached_eni_id       = "eni-2"
          broker_id             = 2
          client_subnet         = "subnet-5"
          client_vpc_ip_address = "10.0.0.2"
          endpoints             = ["b-2.storefront.kafka.us-east-1.amazonaws.com"]
          node_arn              = "arn:aws:kafka:us-east-1:111122223333:broker/storefront/0-1/2"
        },
      ]
    }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/storefront" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:us-east-1:111122223333:key/0-1" }
  }
  mock_resource "aws_msk_cluster" {
    defaults = { arn = "arn:aws:kafka:us-east-1:111122223333:cluster/storefront/0-1" }
  }
  mock_resource "aws_msk_configuration" {
    defaults = { arn = "arn:aws:kafka:us-east-1:111122223333:configuration/storefront/0-1" }
  }
  mock_resource "aws_secretsmanager_secret" {
    defaults = { arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:storefront" }
  }
}

mock_provider "mongodbatlas" {
  mock_resource "mongodbatlas_advanced_cluster" {
    defaults = {
      connection_strings = {
        private          = "mongodb://storefront-00-pri.example.mongodb.net"
        private_endpoint = []
        private_srv      = "mongodb+srv://storefront-pri.example.mongodb.net"
        standard         = "mongodb://storefront-00.example.mongodb.net"
        standard_srv     = "mongodb+srv://storefront.example.mongodb.net"
      }
    }
  }
}

mock_provider "random" {}

override_module {
  target  = module.eks
  outputs = { cluster_name = "storefront" }
}

override_module {
  target = module.eks_network
  outputs = {
    vpc_id                  = "vpc-1"
    private_subnets         = ["subnet-1", "subnet-2", "subnet-3"]
    private_route_table_ids = ["rtb-1"]
  }
}

override_module {
  target = module.msk_network
  outputs = {
    vpc_id                  = "vpc-2"
    private_subnets         = ["subnet-4", "subnet-5", "subnet-6"]
    private_route_table_ids = ["rtb-2", "rtb-3", "rtb-4"]
  }
}

variables {
  region           = "us-east-1"
  atlas_project_id = "0123456789abcdef01234567"
}

run "scram" {
  assert {
    condition     = toset([for each in aws_secretsmanager_secret.kafka : each.name]) == toset([for each in local.kafka_users : "AmazonMSK_storefront_${each}"])
    error_message = "A user a service and one of the commands, in secrets that are called as MSK wants it."
  }
  assert {
    condition     = alltrue([for each in aws_secretsmanager_secret.kafka : each.kms_key_id == aws_kms_key.kafka.arn])
    error_message = "MSK refuses secrets under the default key."
  }
  assert {
    condition     = jsondecode(aws_secretsmanager_secret_version.kafka["orders"].secret_string).username == "orders"
    error_message = "A user is called as its service."
  }
  assert {
    condition     = length(aws_msk_scram_secret_association.storefront[0].secret_arn_list) > 0
    error_message = "MSK must know the users."
  }
  assert {
    condition     = strcontains(aws_msk_configuration.storefront.server_properties, "allow.everyone.if.no.acl.found=false")
    error_message = "What has no ACL is closed."
  }
  assert {
    condition     = keys(aws_ssm_parameter.brokers) == ["/msk/scram/brokers"]
    error_message = "The brokers stand where eks-msk-scram reads them."
  }
  assert {
    condition     = toset([for each in aws_security_group.kafka.ingress : each.from_port]) == toset([9096, 9098, 11001, 11002])
    error_message = "SCRAM for services, IAM for administrators, and the exporters."
  }
  assert {
    condition     = aws_route53_record.exporters["jmx"].records == toset(["0 0 11001 b-1.storefront.kafka.us-east-1.amazonaws.com", "0 0 11001 b-2.storefront.kafka.us-east-1.amazonaws.com"])
    error_message = "Prometheus finds every broker's JMX exporter."
  }
  assert {
    condition     = aws_route53_record.exporters["node"].name == "_node._tcp.msk.storefront.internal" && alltrue([for each in aws_route53_zone.internal.vpc : each.vpc_id == "vpc-1"])
    error_message = "The exporters' names are known in the cluster's network."
  }
  assert {
    condition     = length(aws_eks_pod_identity_association.service) == 0
    error_message = "With passwords no service needs an identity."
  }
  assert {
    condition     = can(regex("^mongodb\\+srv://orders:[^@/]+@storefront-pri\\.example\\.mongodb\\.net/orders\\?", jsondecode(aws_secretsmanager_secret_version.store["orders"].secret_string).uri))
    error_message = "A service's URI names its user, the private address and its database."
  }
  assert {
    condition     = length(aws_route.msk_to_eks) == 3 && length(aws_route.eks_to_msk) == 1 && length(aws_route.eks_to_atlas) == 1
    error_message = "Each route table of one network leads to the other."
  }
}

run "amd64" {
  variables {
    node_architecture = "amd64"
  }

  assert {
    condition     = local.nodes[var.node_architecture].ami_type == "AL2023_x86_64_STANDARD"
    error_message = "The nodes' system is of their architecture."
  }
  assert {
    condition     = alltrue([for each in aws_ecr_repository.image : each.image_tag_mutability == "IMMUTABLE"])
    error_message = "Nobody can put another image under a version."
  }
}

run "other_architectures" {
  command = plan

  variables {
    node_architecture = "s390x"
  }

  expect_failures = [var.node_architecture]
}

run "iam" {
  variables {
    iam_only = true
  }

  assert {
    condition     = length(aws_secretsmanager_secret.kafka) + length(aws_msk_scram_secret_association.storefront) == 0
    error_message = "There are no passwords."
  }
  assert {
    condition     = keys(aws_ssm_parameter.brokers) == ["/msk/iam/brokers"]
    error_message = "The brokers stand where eks-msk-iam reads them."
  }
  assert {
    condition     = toset([for each in aws_security_group.kafka.ingress : each.from_port]) == toset([9098, 11001, 11002])
    error_message = "Nothing is open but IAM and the exporters."
  }
  assert {
    condition     = toset([for each in aws_eks_pod_identity_association.service : "${each.namespace}/${each.service_account}"]) == toset([for each in local.kafka_users : "storefront/${each}"])
    error_message = "Each service's account has an identity, and that of the commands."
  }
  assert {
    condition = toset(flatten([for each in data.aws_iam_policy_document.kafka["orders"].statement : each.resources])) == toset([
      "arn:aws:kafka:us-east-1:111122223333:cluster/storefront/0-1",
      "arn:aws:kafka:us-east-1:111122223333:topic/storefront/0-1/orders.order.fulfill",
      "arn:aws:kafka:us-east-1:111122223333:topic/storefront/0-1/accounts.customer.change",
      "arn:aws:kafka:us-east-1:111122223333:topic/storefront/0-1/fulfillment.order.change",
      "arn:aws:kafka:us-east-1:111122223333:group/storefront/0-1/orders",
    ])
    error_message = "Orders gets at its own topic, those it reads, and its group."
  }
}
