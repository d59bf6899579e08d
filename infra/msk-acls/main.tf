# Topics and ACLs of the SCRAM users, made by an administrator over IAM from the cluster's network (the original's jump host).
# What it does for MSK, `npm run kafka:acls` does for any cluster.
terraform {
  required_version = ">= 1.9"

  required_providers {
    kafka = {
      source  = "Mongey/kafka"
      version = "~> 0.13"
    }
  }
}

variable "brokers" {
  type        = list(string)
  description = "bootstrap_brokers_sasl_iam of infra/eks-msk."
}

variable "broker_principal" {
  type        = string
  description = "User:CN=*.CLUSTER.ID.kafka.REGION.amazonaws.com, from a broker's address: the brokers copy topics as that one."
}

variable "region" {
  type        = string
  description = "Where infra/eks-msk made the cluster."
}

variable "topic_prefix" {
  type        = string
  default     = ""
  description = "KAFKA_TOPIC_PREFIX of the services: what the names of this environment's topics begin with."
}

variable "group_prefix" {
  type        = string
  default     = ""
  description = "KAFKA_CONSUMER_GROUP_PREFIX of the services."
}

provider "kafka" {
  bootstrap_servers = var.brokers
  tls_enabled       = true
  sasl_mechanism    = "aws-iam"
  sasl_aws_region   = var.region
}

locals {
  month = tostring(30 * 24 * 60 * 60 * 1000)
  topics = {
    "accounts.customer.change" = "-1"
    "orders.order.fulfill"     = local.month
    "fulfillment.order.change" = local.month
  }
  publishes = {
    accounts    = ["accounts.customer.change"]
    orders      = ["orders.order.fulfill"]
    fulfillment = ["fulfillment.order.change"]
  }
  reads = {
    orders      = ["accounts.customer.change", "fulfillment.order.change"]
    fulfillment = ["orders.order.fulfill"]
    toolbox     = ["accounts.customer.change", "orders.order.fulfill", "fulfillment.order.change"]
  }
  # the operators' commands read in groups of their own, which they delete, and set back the group of Orders
  groups = {
    "orders"      = { user = "orders", group = "${var.group_prefix}orders", pattern = "Literal", operation = "Read" }
    "fulfillment" = { user = "fulfillment", group = "${var.group_prefix}fulfillment", pattern = "Literal", operation = "Read" }
    "rebuild"     = { user = "toolbox", group = "${var.group_prefix}orders", pattern = "Literal", operation = "Read" }
    "reconcile"   = { user = "toolbox", group = "storefront-reconcile-", pattern = "Prefixed", operation = "Read" }
    "tidy"        = { user = "toolbox", group = "storefront-reconcile-", pattern = "Prefixed", operation = "Delete" }
  }

  # a reader tells for how long the topic keeps what it has not applied
  besides = {
    Write = ["Describe"]
    Read  = ["Describe", "DescribeConfigs"]
  }

  on_topics = merge([
    for verb, rights in { Write = local.publishes, Read = local.reads } : merge([
      for user, topics in rights : {
        for pair in setproduct(topics, concat([verb], local.besides[verb])) :
        "${user} ${pair[1]} ${pair[0]}" => { user = user, operation = pair[1], topic = pair[0] }
      }
    ]...)
  ]...)
}

resource "kafka_topic" "storefront" {
  for_each = local.topics

  name               = "${var.topic_prefix}${each.key}"
  partitions         = 3
  replication_factor = 3
  config = {
    "cleanup.policy" = "delete"
    "retention.ms"   = each.value
  }
}

# before the first other right: MSK's brokers are super users, and where they are not (a cluster of one's own, an older MSK) a topic with ACLs
# is closed to all that have none, brokers too
resource "kafka_acl" "brokers" {
  for_each = local.topics

  resource_name       = "${var.topic_prefix}${each.key}"
  resource_type       = "Topic"
  acl_principal       = var.broker_principal
  acl_host            = "*"
  acl_operation       = "Read"
  acl_permission_type = "Allow"
}

resource "kafka_acl" "topic" {
  for_each   = local.on_topics
  depends_on = [kafka_acl.brokers]

  resource_name       = "${var.topic_prefix}${each.value.topic}"
  resource_type       = "Topic"
  acl_principal       = "User:${each.value.user}"
  acl_host            = "*"
  acl_operation       = each.value.operation
  acl_permission_type = "Allow"
}

resource "kafka_acl" "group" {
  for_each = local.groups

  resource_name                = each.value.group
  resource_type                = "Group"
  resource_pattern_type_filter = each.value.pattern
  acl_principal                = "User:${each.value.user}"
  acl_host                     = "*"
  acl_operation                = each.value.operation
  acl_permission_type          = "Allow"
}
