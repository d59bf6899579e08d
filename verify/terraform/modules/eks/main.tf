# What infra/eks-msk says to terraform-aws-modules/eks/aws, and hears of it, at 21.x: names and types, no resources.
variable "name" {
  type = string
}

variable "kubernetes_version" {
  type    = string
  default = null
}

variable "vpc_id" {
  type    = string
  default = null
}

variable "subnet_ids" {
  type    = list(string)
  default = []
}

variable "endpoint_public_access" {
  type    = bool
  default = false
}

variable "endpoint_public_access_cidrs" {
  type    = list(string)
  default = ["0.0.0.0/0"]
}

variable "enable_cluster_creator_admin_permissions" {
  type    = bool
  default = false
}

variable "node_security_group_additional_rules" {
  type = map(object({
    description                   = optional(string)
    type                          = optional(string, "ingress")
    protocol                      = optional(string, "tcp")
    from_port                     = number
    to_port                       = number
    source_cluster_security_group = optional(bool, false)
  }))
  default = {}
}

variable "addons" {
  type = map(object({
    before_compute       = optional(bool, false)
    configuration_values = optional(string)
  }))
  default = null
}

variable "eks_managed_node_groups" {
  type = map(object({
    instance_types = optional(list(string))
    ami_type       = optional(string)
    min_size       = optional(number)
    max_size       = optional(number)
    desired_size   = optional(number)
  }))
  default = null
}

output "cluster_name" {
  value = var.name
}
