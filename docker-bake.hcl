# The images for both architectures: k8s/scripts/images.sh OVERLAY builds them and brings them to the overlay's registry.
# Alone: `docker buildx bake` only builds; `docker buildx bake accounts --load --set '*.platform=linux/arm64'` loads one of them.
# Bake reads compose.yaml too: BUILD_IMAGE and RUN_IMAGE name other base images, as they do there.
variable "IMAGE_REGISTRY" { default = "localhost" }
variable "VERSION" { default = "local" }
variable "GIT_BRANCH" { default = "" }
variable "GIT_COMMIT" { default = "" }
variable "GIT_COMMIT_TIME" { default = "" }

group "default" { targets = ["service", "commands"] }

target "service" {
  name = app
  matrix = { app = ["accounts", "orders", "fulfillment", "gateway"] }
  args = {
    APP             = app
    GIT_BRANCH      = GIT_BRANCH
    GIT_COMMIT      = GIT_COMMIT
    GIT_COMMIT_TIME = GIT_COMMIT_TIME
  }
  platforms = ["linux/amd64", "linux/arm64"]
  tags      = ["${IMAGE_REGISTRY}/storefront/${app}:${VERSION}"]
}

target "commands" {
  target = "commands"
  args = {
    GIT_BRANCH      = GIT_BRANCH
    GIT_COMMIT      = GIT_COMMIT
    GIT_COMMIT_TIME = GIT_COMMIT_TIME
  }
  platforms = ["linux/amd64", "linux/arm64"]
  tags      = ["${IMAGE_REGISTRY}/storefront/commands:${VERSION}"]
}
