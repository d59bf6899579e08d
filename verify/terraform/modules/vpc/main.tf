# What infra/eks-msk says to terraform-aws-modules/vpc/aws, and hears of it, at 6.x: names and types, no resources.
variable "name" {
  type    = string
  default = ""
}

variable "cidr" {
  type    = string
  default = "10.0.0.0/16"
}

variable "azs" {
  type    = list(string)
  default = []
}

variable "public_subnets" {
  type    = list(string)
  default = []
}

variable "private_subnets" {
  type    = list(string)
  default = []
}

variable "public_subnet_tags" {
  type    = map(string)
  default = {}
}

variable "enable_nat_gateway" {
  type    = bool
  default = false
}

variable "single_nat_gateway" {
  type    = bool
  default = false
}

output "vpc_id" {
  value = var.name
}

output "private_subnets" {
  value = var.private_subnets
}

output "private_route_table_ids" {
  value = var.private_subnets
}
