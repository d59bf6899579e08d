resource "aws_kms_key" "kafka" {
  description             = "storefront: MSK and the passwords of its users (a secret under the default key is refused)"
  enable_key_rotation     = true
  deletion_window_in_days = 7
}

resource "aws_security_group" "kafka" {
  name   = "storefront-msk"
  vpc_id = module.msk_network.vpc_id

  # 9096 SCRAM, 9098 IAM, 11001 and 11002 the exporters. IAM with SCRAM too: who administers (infra/msk-acls) does so from the
  # cluster's network, as Kafka's has no way out
  dynamic "ingress" {
    for_each = concat(var.iam_only ? [] : [9096], [9098, 11001, 11002])

    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = [local.eks_cidr]
    }
  }
}

resource "aws_msk_configuration" "storefront" {
  name           = "storefront"
  kafka_versions = [var.kafka_version]

  # What has no ACL is closed. It is open on MSK by default; its brokers are super users, so they copy topics either way, and who comes by IAM is
  # not asked: that is how infra/msk-acls gets in to write the first ACL.
  server_properties = <<-END
    allow.everyone.if.no.acl.found=${var.allow_everyone_if_no_acl_found}
    auto.create.topics.enable=false
    default.replication.factor=3
    min.insync.replicas=2
    num.partitions=3
  END
}

resource "aws_msk_cluster" "storefront" {
  cluster_name           = "storefront"
  kafka_version          = var.kafka_version
  number_of_broker_nodes = 3
  enhanced_monitoring    = "PER_TOPIC_PER_BROKER"

  broker_node_group_info {
    instance_type   = "kafka.m7g.large"
    client_subnets  = module.msk_network.private_subnets
    security_groups = [aws_security_group.kafka.id]

    storage_info {
      ebs_storage_info {
        volume_size = 100
      }
    }
  }

  configuration_info {
    arn      = aws_msk_configuration.storefront.arn
    revision = aws_msk_configuration.storefront.latest_revision
  }

  client_authentication {
    sasl {
      iam   = true
      scram = !var.iam_only
    }
  }

  encryption_info {
    encryption_at_rest_kms_key_arn = aws_kms_key.kafka.arn

    encryption_in_transit {
      client_broker = "TLS"
      in_cluster    = true
    }
  }

  open_monitoring {
    prometheus {
      jmx_exporter {
        enabled_in_broker = true
      }
      node_exporter {
        enabled_in_broker = true
      }
    }
  }
}

# what the overlays' ExternalSecrets read
resource "aws_ssm_parameter" "brokers" {
  for_each = var.iam_only ? {
    "/msk/iam/brokers" = aws_msk_cluster.storefront.bootstrap_brokers_sasl_iam
    } : {
    "/msk/scram/brokers" = aws_msk_cluster.storefront.bootstrap_brokers_sasl_scram
  }

  name  = each.key
  type  = "String"
  value = each.value
}
