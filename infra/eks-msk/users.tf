# A SCRAM user a service, and one of the operators' commands. MSK wants the name AmazonMSK_… and a key of one's own.
resource "random_password" "kafka" {
  for_each = var.iam_only ? toset([]) : local.kafka_users

  length  = 32
  special = false
}

resource "aws_secretsmanager_secret" "kafka" {
  for_each = random_password.kafka

  name       = "AmazonMSK_storefront_${each.key}"
  kms_key_id = aws_kms_key.kafka.arn
}

resource "aws_secretsmanager_secret_version" "kafka" {
  for_each = random_password.kafka

  secret_id     = aws_secretsmanager_secret.kafka[each.key].id
  secret_string = jsonencode({ username = each.key, password = each.value.result })
}

resource "aws_secretsmanager_secret_policy" "kafka" {
  for_each = aws_secretsmanager_secret.kafka

  secret_arn = each.value.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AWSKafkaResourcePolicy"
      Effect    = "Allow"
      Principal = { Service = "kafka.amazonaws.com" }
      Action    = "secretsmanager:getSecretValue"
      Resource  = each.value.arn
    }]
  })
}

resource "aws_msk_scram_secret_association" "storefront" {
  count = var.iam_only ? 0 : 1

  cluster_arn     = aws_msk_cluster.storefront.arn
  secret_arn_list = [for secret in aws_secretsmanager_secret.kafka : secret.arn]

  depends_on = [aws_secretsmanager_secret_version.kafka]
}
