#!/usr/bin/env bash
# Builds an overlay's images for amd64 and arm64 and brings them to its registry.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
usage_or_overlay 'usage: k8s/scripts/images.sh OVERLAY

Builds the images of docker-bake.hcl with docker buildx and pushes them to IMAGE_REGISTRY of k8s/overlays/OVERLAY/settings.env, by the
version of package.json. Needs a builder for both architectures (docker buildx create --use; for the other one than its own
QEMU, by docker run --privileged --rm tonistiigi/binfmt --install all) and a registry that docker is logged in to. minikube
needs none: deploy.sh loads its images.' "$@"

case "$overlay" in minikube*) echo "$overlay has no registry: k8s/scripts/deploy.sh $overlay loads its images" >&2; exit 2 ;; esac
require_settings
cd "$overlays/../.."
. k8s/base/version.env
IMAGE_REGISTRY=$(setting IMAGE_REGISTRY)
GIT_BRANCH=$(git rev-parse --abbrev-ref HEAD) GIT_COMMIT=$(git rev-parse --short HEAD) GIT_COMMIT_TIME=$(git log -1 --format=%cI)
export IMAGE_REGISTRY VERSION GIT_BRANCH GIT_COMMIT GIT_COMMIT_TIME
docker buildx bake --push
