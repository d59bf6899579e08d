# Where k8s/scripts/images.sh brings the images; the nodes' role may read all of the account's repositories.
resource "aws_ecr_repository" "image" {
  for_each = toset(["accounts", "orders", "fulfillment", "gateway", "commands"])

  name = "storefront/${each.key}"
  # what was deployed by a version stays what that version is
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }
}
