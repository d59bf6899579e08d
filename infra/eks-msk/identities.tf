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
  }
  reads = {
    accounts    = []
    orders      = ["accounts.customer.change", "fulfillment.order.change"]
    fulfillment = ["orders.order.fulfill"]
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
  for_each = var.iam_only ? local.services : toset([])

  statement {
    actions   = ["kafka-cluster:Connect"]
    resources = [aws_msk_cluster.storefront.arn]
  }
  statement {
    actions   = ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"]
    resources = [for topic in local.publishes[each.key] : "${local.kafka}:topic/${local.cluster}/${var.topic_prefix}${topic}"]
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
      resources = ["${local.kafka}:group/${local.cluster}/${var.group_prefix}${each.key}"]
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
