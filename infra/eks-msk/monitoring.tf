# Where Prometheus finds the brokers' exporters (k8s/components/msk-monitoring): brokers have names only once they run.
data "aws_msk_broker_nodes" "storefront" {
  cluster_arn = aws_msk_cluster.storefront.arn
}

resource "aws_route53_zone" "internal" {
  name = "storefront.internal"

  vpc {
    vpc_id = module.eks_network.vpc_id
  }
}

resource "aws_route53_record" "exporters" {
  for_each = { jmx = 11001, node = 11002 }

  zone_id = aws_route53_zone.internal.zone_id
  name    = "_${each.key}._tcp.msk.storefront.internal"
  type    = "SRV"
  ttl     = 300
  records = [
    for broker in flatten([for node in data.aws_msk_broker_nodes.storefront.node_info_list : node.endpoints]) :
    "0 0 ${each.value} ${broker}"
  ]
}
