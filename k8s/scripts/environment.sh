# Sourced by the scripts beside it: the overlay that is meant, its namespace and its settings.
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

# Ends the script with 1 when the overlay's settings.env lacks a setting, or has one that is empty or still an example.
require_settings() {
  local file=$overlays/$overlay/settings.env line name wrong=0 missing
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line#"${line%%[![:space:]]*}"}
    case "$line" in '' | '#'*) continue ;; esac
    name=${line%%=*}
    case "$line" in
      "$name" | "$name=") echo "k8s/overlays/$overlay/settings.env: $name is not set" >&2; wrong=1 ;;
      *[Ee][Xx][Aa][Mm][Pp][Ll][Ee]*)
        echo "k8s/overlays/$overlay/settings.env: $name still has the example's value, ${line#*=}" >&2; wrong=1 ;;
    esac
  done <"$file"
  # a setting whose line is gone: kustomize names it
  if ! missing=$(kubectl kustomize "$overlays/$overlay" 2>&1 >/dev/null); then
    printf '%s\n' "$missing" | sed -n "s|.*\`data\.\([A-Z0-9_]*\)\`.*settings.*|k8s/overlays/$overlay/settings.env: \1 is not set|p" | grep . >&2 ||
      printf '%s\n' "$missing" >&2
    wrong=1
  fi
  [ $wrong = 0 ] || { echo "What each is for: the comments there and docs/kubernetes.md#settings" >&2; exit 1; }
}
