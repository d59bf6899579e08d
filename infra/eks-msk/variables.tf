variable "region" {
  type        = string
  description = "Everything is in this region: AWS_REGION of k8s/overlays/eks-msk-*/settings.env."
}

variable "kafka_version" {
  type        = string
  default     = "4.1.x.kraft"
  description = "KRaft is for new clusters only."
}

variable "cluster_version" {
  type        = string
  default     = "1.35"
  description = "Kubernetes."
}

variable "node_architecture" {
  type        = string
  default     = "arm64"
  description = "arm64 (Graviton) or amd64. The images are for both (docker-bake.hcl)."

  validation {
    condition     = contains(["arm64", "amd64"], var.node_architecture)
    error_message = "node_architecture is arm64 or amd64."
  }
}

variable "node_instance_type" {
  type        = string
  default     = null
  description = "Of node_architecture; where nothing is said m7g.large or m7i.large, with 2 processors and 8 GiB."
}

variable "kubectl_cidrs" {
  type        = list(string)
  default     = []
  description = "From where the cluster's API may be called; empty: only from inside its network."
}

variable "iam_only" {
  type        = bool
  default     = false
  description = "true: eks-msk-iam, no SCRAM users; false: eks-msk-scram."
}

variable "allow_everyone_if_no_acl_found" {
  type        = bool
  default     = false
  description = "Whether any user of Kafka may do anything to what has no ACL. MSK's own default is true."
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

variable "atlas_project_id" {
  type        = string
  description = "The Atlas project that holds the stores."
}

variable "atlas_cidr" {
  type        = string
  default     = "192.168.240.0/21"
  description = "Atlas' own network: must not overlap with the two of AWS."
}

locals {
  services = toset(["accounts", "orders", "fulfillment"])
  # who logs in to Kafka: the operators' commands (k8s/base/toolbox) too
  kafka_users = setunion(local.services, ["toolbox"])
  # as the original: the cluster in one network, Kafka in another, peered
  eks_cidr = "192.168.0.0/17"
  msk_cidr = "10.0.0.0/22"
}
