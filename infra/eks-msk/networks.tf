data "aws_availability_zones" "available" {
  state = "available"
}

locals {
  zones = slice(data.aws_availability_zones.available.names, 0, 3)
}

module "eks_network" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 6.0"

  name               = "storefront-eks"
  cidr               = local.eks_cidr
  azs                = local.zones
  public_subnets     = [for index in range(3) : cidrsubnet(local.eks_cidr, 5, index)]
  private_subnets    = [for index in range(3) : cidrsubnet(local.eks_cidr, 3, index + 1)]
  enable_nat_gateway = true
  single_nat_gateway = true
  # where the edge's load balancer goes
  public_subnet_tags = { "kubernetes.io/role/elb" = "1" }
}

module "msk_network" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 6.0"

  name            = "storefront-msk"
  cidr            = local.msk_cidr
  azs             = local.zones
  private_subnets = [for index in range(3) : cidrsubnet(local.msk_cidr, 2, index)]
}

resource "aws_vpc_peering_connection" "eks_msk" {
  vpc_id      = module.eks_network.vpc_id
  peer_vpc_id = module.msk_network.vpc_id
  auto_accept = true

  # brokers have names that must lead to their private addresses from the other network too
  accepter {
    allow_remote_vpc_dns_resolution = true
  }
  requester {
    allow_remote_vpc_dns_resolution = true
  }
}

resource "aws_route" "eks_to_msk" {
  for_each = { for index, id in module.eks_network.private_route_table_ids : index => id }

  route_table_id            = each.value
  destination_cidr_block    = local.msk_cidr
  vpc_peering_connection_id = aws_vpc_peering_connection.eks_msk.id
}

resource "aws_route" "msk_to_eks" {
  for_each = { for index, id in module.msk_network.private_route_table_ids : index => id }

  route_table_id            = each.value
  destination_cidr_block    = local.eks_cidr
  vpc_peering_connection_id = aws_vpc_peering_connection.eks_msk.id
}
