# Sourced by the scripts beside it: the overlay that is meant, and its namespaces.
overlays=$(cd "$(dirname "${BASH_SOURCE[0]}")/../overlays" && pwd)

usage_or_overlay() { # usage, arguments of the script
  local usage=$1
  case "${2:-}" in
    -h | --help) printf '%s\n' "$usage"; exit 0 ;;
    '') printf '%s\n' "$usage" >&2; exit 2 ;;
  esac
  overlay=$2
  if [ ! -f "$overlays/$overlay/kustomization.yaml" ]; then
    printf 'There is no overlay %s; there are: %s\n' "$overlay" "$(ls "$overlays" | tr '\n' ' ')" >&2
    exit 2
  fi
  case "$overlay" in
    minikube*) namespace=storefront ;;
    dev | test | uat) namespace=$overlay ;;
    *) namespace=storefront ;;
  esac
}
