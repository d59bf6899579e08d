locals {
  nodes = {
    arm64 = { instance_type = "m7g.large", ami_type = "AL2023_ARM_64_STANDARD" }
    amd64 = { instance_type = "m7i.large", ami_type = "AL2023_x86_64_STANDARD" }
  }
}

module "eks" {
  source  = "terraform-aws-modules/eks/aws"
  version = "~> 21.0"

  name                                     = "storefront"
  kubernetes_version                       = var.cluster_version
  vpc_id                                   = module.eks_network.vpc_id
  subnet_ids                               = module.eks_network.private_subnets
  enable_cluster_creator_admin_permissions = true
  endpoint_public_access                   = length(var.kubectl_cidrs) > 0
  endpoint_public_access_cidrs             = length(var.kubectl_cidrs) > 0 ? var.kubectl_cidrs : null

  # the nodes' own rules let the API server call few ports: without this one no pod with a sidecar is admitted
  node_security_group_additional_rules = {
    istio = {
      description                   = "istiod's webhook"
      type                          = "ingress"
      protocol                      = "tcp"
      from_port                     = 15017
      to_port                       = 15017
      source_cluster_security_group = true
    }
  }

  addons = {
    coredns                = {}
    kube-proxy             = {}
    vpc-cni                = { before_compute = true, configuration_values = jsonencode({ enableNetworkPolicy = "true" }) }
    eks-pod-identity-agent = { before_compute = true }
    # what the HorizontalPodAutoscalers ask
    metrics-server = {}
  }

  eks_managed_node_groups = {
    services = {
      instance_types = [coalesce(var.node_instance_type, local.nodes[var.node_architecture].instance_type)]
      ami_type       = local.nodes[var.node_architecture].ami_type
      min_size       = 2
      max_size       = 5
      desired_size   = 3
    }
  }
}
