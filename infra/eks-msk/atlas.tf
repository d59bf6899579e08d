# Atlas in its own network, peered with the cluster's; a user a database, its URI where the ExternalSecrets read it.
resource "mongodbatlas_network_container" "storefront" {
  project_id       = var.atlas_project_id
  provider_name    = "AWS"
  region_name      = upper(replace(var.region, "-", "_"))
  atlas_cidr_block = var.atlas_cidr
}

resource "mongodbatlas_network_peering" "eks" {
  project_id             = var.atlas_project_id
  container_id           = mongodbatlas_network_container.storefront.container_id
  provider_name          = "AWS"
  accepter_region_name   = var.region
  aws_account_id         = local.account
  vpc_id                 = module.eks_network.vpc_id
  route_table_cidr_block = local.eks_cidr
}

resource "aws_vpc_peering_connection_accepter" "atlas" {
  vpc_peering_connection_id = mongodbatlas_network_peering.eks.connection_id
  auto_accept               = true
}

resource "aws_route" "eks_to_atlas" {
  for_each = { for index, id in module.eks_network.private_route_table_ids : index => id }

  route_table_id            = each.value
  destination_cidr_block    = var.atlas_cidr
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.atlas.vpc_peering_connection_id
}

resource "mongodbatlas_project_ip_access_list" "eks" {
  project_id = var.atlas_project_id
  cidr_block = local.eks_cidr
  comment    = "storefront: the services"
}

resource "mongodbatlas_advanced_cluster" "storefront" {
  project_id   = var.atlas_project_id
  name         = "storefront"
  cluster_type = "REPLICASET"

  replication_specs = [{
    region_configs = [{
      provider_name = "AWS"
      region_name   = upper(replace(var.region, "-", "_"))
      priority      = 7
      electable_specs = {
        instance_size = "M10"
        node_count    = 3
      }
    }]
  }]

  # there is no private address to connect to before
  depends_on = [aws_vpc_peering_connection_accepter.atlas]
}

resource "random_password" "store" {
  for_each = local.services

  length  = 32
  special = false
}

resource "mongodbatlas_database_user" "service" {
  for_each = local.services

  project_id         = var.atlas_project_id
  username           = each.key
  password           = random_password.store[each.key].result
  auth_database_name = "admin"

  roles {
    role_name     = "readWrite"
    database_name = each.key
  }
}

resource "aws_secretsmanager_secret" "store" {
  for_each = local.services

  name = "storefront/${each.key}/mongodb"
}

resource "aws_secretsmanager_secret_version" "store" {
  for_each = local.services

  secret_id = aws_secretsmanager_secret.store[each.key].id
  secret_string = jsonencode({
    uri = join("", [
      "mongodb+srv://${each.key}:${random_password.store[each.key].result}@",
      trimprefix(mongodbatlas_advanced_cluster.storefront.connection_strings.private_srv, "mongodb+srv://"),
      "/${each.key}?retryWrites=true",
    ])
  })
}

resource "random_password" "management" {
  length  = 32
  special = false
}

resource "aws_secretsmanager_secret" "management" {
  name = "storefront/management"
}

resource "aws_secretsmanager_secret_version" "management" {
  secret_id     = aws_secretsmanager_secret.management.id
  secret_string = jsonencode({ password = random_password.management.result })
}
