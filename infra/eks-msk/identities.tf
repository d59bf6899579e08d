# Pod identities: the External Secrets Operator reads secrets; with IAM each service is somebody in Kafka.
data "aws_iam_policy_document" "pods" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }
  }
}

data "aws_caller_identity" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  # arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/UUID: topics and groups are named after it
  cluster = join("/", slice(split("/", aws_msk_cluster.storefront.arn), 1, 3))
  kafka   = "arn:aws:kafka:${var.region}:${local.account}"

  publishes = {
    accounts    = ["accounts.customer.change"]
    orders      = ["orders.order.fulfill"]
    fulfillment = ["fulfillment.order.change"]
    toolbox     = []
  }
  reads = {
    accounts    = []
    orders      = ["accounts.customer.change", "fulfillment.order.change"]
    fulfillment = ["orders.order.fulfill"]
    toolbox     = ["accounts.customer.change", "orders.order.fulfill", "fulfillment.order.change"]
  }
  # the commands read in groups of their own, which they delete, and set back the group of Orders
  groups = {
    accounts    = []
    orders      = ["${var.group_prefix}orders"]
    fulfillment = ["${var.group_prefix}fulfillment"]
    toolbox     = ["storefront-reconcile-*", "${var.group_prefix}orders"]
  }
}

data "aws_iam_policy_document" "secrets" {
  statement {
    actions = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    resources = [
      "arn:aws:secretsmanager:${var.region}:${local.account}:secret:storefront/*",
      "arn:aws:secretsmanager:${var.region}:${local.account}:secret:AmazonMSK_storefront_*",
    ]
  }
  statement {
    actions   = ["ssm:GetParameter"]
    resources = ["arn:aws:ssm:${var.region}:${local.account}:parameter/msk/*"]
  }
  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.kafka.arn]
  }
}

resource "aws_iam_role" "secrets" {
  name               = "storefront-external-secrets"
  assume_role_policy = data.aws_iam_policy_document.pods.json
}

resource "aws_iam_role_policy" "secrets" {
  role   = aws_iam_role.secrets.id
  policy = data.aws_iam_policy_document.secrets.json
}

resource "aws_eks_pod_identity_association" "secrets" {
  cluster_name    = module.eks.cluster_name
  namespace       = "external-secrets"
  service_account = "external-secrets"
  role_arn        = aws_iam_role.secrets.arn
}

data "aws_iam_policy_document" "kafka" {
  for_each = var.iam_only ? local.kafka_users : toset([])

  statement {
    actions   = ["kafka-cluster:Connect"]
    resources = [aws_msk_cluster.storefront.arn]
  }
  dynamic "statement" {
    for_each = length(local.publishes[each.key]) > 0 ? [1] : []

    content {
      actions   = ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"]
      resources = [for topic in local.publishes[each.key] : "${local.kafka}:topic/${local.cluster}/${var.topic_prefix}${topic}"]
    }
  }
  dynamic "statement" {
    for_each = length(local.reads[each.key]) > 0 ? [1] : []

    content {
      actions   = ["kafka-cluster:DescribeTopic", "kafka-cluster:DescribeTopicDynamicConfiguration", "kafka-cluster:ReadData"]
      resources = [for topic in local.reads[each.key] : "${local.kafka}:topic/${local.cluster}/${var.topic_prefix}${topic}"]
    }
  }
  dynamic "statement" {
    for_each = length(local.reads[each.key]) > 0 ? [1] : []

    content {
      actions   = ["kafka-cluster:DescribeGroup", "kafka-cluster:AlterGroup"]
      resources = [for group in local.groups[each.key] : "${local.kafka}:group/${local.cluster}/${group}"]
    }
  }
  dynamic "statement" {
    for_each = each.key == "toolbox" ? [1] : []

    content {
      actions   = ["kafka-cluster:DeleteGroup"]
      resources = ["${local.kafka}:group/${local.cluster}/storefront-reconcile-*"]
    }
  }
}

resource "aws_iam_role" "service" {
  for_each = data.aws_iam_policy_document.kafka

  name               = "storefront-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.pods.json
}

resource "aws_iam_role_policy" "service" {
  for_each = data.aws_iam_policy_document.kafka

  role   = aws_iam_role.service[each.key].id
  policy = each.value.json
}

resource "aws_eks_pod_identity_association" "service" {
  for_each = aws_iam_role.service

  cluster_name    = module.eks.cluster_name
  namespace       = "storefront"
  service_account = each.key
  role_arn        = each.value.arn
}
