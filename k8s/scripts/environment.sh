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

# All that overlays ask for; each has those of them that it needs.
known_settings='IMAGE_REGISTRY AWS_REGION JWT_ISSUER JWT_JWKS_URI EDGE_HOST'

setting() { # name: its value in the overlay's settings.env
  sed -n "s/^[[:space:]]*$1=[[:space:]]*//p" "$overlays/$overlay/settings.env" | sed 's/[[:space:]]*$//'
}

# Ends the script with 1 when the overlay's settings.env lacks a setting, has one that nobody reads, or one that is empty, has spaces
# or quotes (they would be part of it), or is still the placeholder that it came with: a value that contains `example`.
require_settings() {
  local file=k8s/overlays/$overlay/settings.env line name value fault wrong=0
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line#"${line%%[![:space:]]*}"}
    case "$line" in '' | '#'*) continue ;; esac
    name=${line%%=*} value=${line#"$name"} value=${value#=}
    case " $known_settings " in
      *" $name "*) ;;
      *)
        echo "$file: $name is no setting; there are: $known_settings" >&2
        wrong=1
        continue
        ;;
    esac
    case "$name=${value#"${value%%[![:space:]]*}"}" in
      "$name=") fault='is not set' ;;
      "$name="[\"\']*) fault="is in quotes, which kustomize would take for a part of it: $value" ;;
      *=*[Ee][Xx][Aa][Mm][Pp][Ll][Ee]*) fault="still has the example's value, $value" ;;
      *[[:space:]]*) fault='has a space, a tab or a carriage return in it, or at its end' ;;
      IMAGE_REGISTRY=*://* | IMAGE_REGISTRY=*/) fault="is a name without a scheme and without a slash at its end, not $value" ;;
      *) continue ;;
    esac
    echo "$file: $name $fault" >&2
    wrong=1
  done <"$overlays/$overlay/settings.env"
  # a setting whose line is gone: kustomize says so in many words
  if ! line=$(kubectl kustomize "$overlays/$overlay" 2>&1 >/dev/null); then
    name=$(sed -n 's/.*`data\.\([A-Z0-9_]*\)` is missing for replacement source.*settings.*/\1/p' <<<"$line")
    if [ -n "$name" ]; then echo "$file: $name is not set" >&2; else printf '%s\n' "$line" >&2; fi
    wrong=1
  fi
  [ $wrong = 0 ] || { echo "What each is for: the comments there and docs/kubernetes.md#settings" >&2; exit 1; }
}
