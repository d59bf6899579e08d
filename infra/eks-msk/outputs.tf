output "kubeconfig" {
  value       = "aws eks update-kubeconfig --name ${module.eks.cluster_name} --region ${var.region}"
  description = "What to run for kubectl to reach the cluster."
}

output "brokers_for_administration" {
  value       = aws_msk_cluster.storefront.bootstrap_brokers_sasl_iam
  description = "For infra/msk-acls, from the cluster's network."
}

output "image_registry" {
  value       = "${local.account}.dkr.ecr.${var.region}.amazonaws.com"
  description = "IMAGE_REGISTRY of k8s/overlays/eks-msk-*/settings.env."
}
