#!/usr/bin/env bash
# Brings an overlay to the cluster that kubectl speaks to.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
usage_or_overlay 'usage: k8s/scripts/deploy.sh OVERLAY

Applies k8s/overlays/OVERLAY and waits until all of it runs; may be run again. For minikube it also builds the images into the
cluster and installs what is missing of Istio, the Gateway API, Prometheus, Kiali and Strimzi (needs minikube, docker,
helm, openssl). Elsewhere these, the images and the Secrets are expected to be there (docs/kubernetes.md). Ends with 1, and changes
nothing, while a setting in k8s/overlays/OVERLAY/settings.env is not set or has the value that it came with.' "$@"

require_settings
. "$overlays/../versions.env"
. "$overlays/../base/version.env"
repository=$(cd "$overlays/../.." && pwd)

chart() { # release, chart, namespace, further arguments
  helm upgrade --install "$1" "$2" --namespace "$3" --create-namespace --wait "${@:4}"
}

prepare_minikube() {
  local commit registry
  registry=$(setting IMAGE_REGISTRY)
  commit=$(git -C "$repository" rev-parse --short HEAD 2>/dev/null || true)
  for app in accounts orders fulfillment gateway; do
    docker build --build-arg APP=$app --build-arg GIT_COMMIT="$commit" -t "$registry/storefront/$app:$VERSION" "$repository"
    minikube image load "$registry/storefront/$app:$VERSION"
  done
  docker build --target commands --build-arg GIT_COMMIT="$commit" -t "$registry/storefront/commands:$VERSION" "$repository"
  minikube image load "$registry/storefront/commands:$VERSION"
  kubectl apply --server-side -f "https://github.com/kubernetes-sigs/gateway-api/releases/download/v$GATEWAY_API/experimental-install.yaml"
  local charts=https://istio-release.storage.googleapis.com/charts
  chart istio-base base istio-system --repo $charts --version "$ISTIO"
  chart istio-cni cni istio-system --repo $charts --version "$ISTIO"
  chart istiod istiod istio-system --repo $charts --version "$ISTIO" --values "$overlays/minikube/istiod.values.yaml"
  if [ "$overlay" = minikube-classic ]; then
    chart istio-ingressgateway gateway istio-system --repo $charts --version "$ISTIO" \
      --values "$overlays/minikube-classic/ingress-gateway.values.yaml"
    chart keda keda keda --repo https://kedacore.github.io/charts --version "$KEDA"
  fi
  install_monitoring
  chart kiali kiali-server istio-system --repo https://kiali.org/helm-charts --version "$KIALI" --values "$overlays/minikube/kiali.values.yaml"
  kubectl apply --server-side -f "$overlays/minikube/kafka/namespace.yaml"
  chart strimzi oci://quay.io/strimzi-helm/strimzi-kafka-operator kafka --version "$STRIMZI" --values "$overlays/minikube/strimzi.values.yaml"
}

make_certificate() { # namespace: of a laptop, which no browser trusts
  if kubectl -n "$1" get secret edge-tls >/dev/null 2>&1; then return; fi
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj /CN=storefront \
    -addext 'subjectAltName=DNS:localhost,DNS:storefront.localhost,IP:127.0.0.1' \
    -keyout "$folder/key" -out "$folder/certificate"
  kubectl -n "$1" create secret tls edge-tls --key "$folder/key" --cert "$folder/certificate"
  rm -r "$folder"
}

install_monitoring() {
  chart monitoring kube-prometheus-stack monitoring --repo https://prometheus-community.github.io/helm-charts \
    --version "$PROMETHEUS_STACK" --values "$overlays/minikube/monitoring.values.yaml"
}

wait_for_minikube() {
  kubectl -n kafka wait kafka/storefront --for=condition=Ready --timeout=10m
  kubectl -n kafka wait kafkauser --all --for=condition=Ready --timeout=5m
  kubectl -n mongo rollout status statefulset/mongo --timeout=5m
}

require_secrets() {
  local missing=0 name
  for name in "$@"; do
    kubectl -n "$namespace" get secret "$name" >/dev/null 2>&1 || { echo "Secret $name is missing in namespace $namespace" >&2; missing=1; }
  done
  [ $missing = 0 ] || { echo "Make them as k8s/components/confluent-atlas/secrets.example.yaml shows, then run this again." >&2; exit 1; }
}

make_management_password() {
  kubectl -n "$namespace" get secret management >/dev/null 2>&1 ||
    kubectl -n "$namespace" create secret generic management --from-literal="password=$(openssl rand -hex 16)"
}

print_map() { # of docs/minikube.md, so that it cannot say anything else
  sed -n '/^<!-- map -->$/,/^<!-- \/map -->$/{/^|/p}' "$repository/docs/minikube.md"
}

case "$overlay" in
  minikube-classic)
    prepare_minikube
    make_certificate istio-system
    ;;
  minikube)
    prepare_minikube
    kubectl apply --server-side -f "$overlays/minikube/storefront/namespace.yaml"
    make_certificate "$namespace"
    ;;
  dev | test | uat | gke-*)
    kubectl apply --server-side -f "$overlays/$overlay/namespace.yaml"
    require_secrets mongodb-atlas confluent-cloud-kafka
    make_management_password
    ;;
esac

# by force: what was changed by hand (set env, rollout undo) is somebody else's field, and a conflict otherwise
kubectl apply --server-side --force-conflicts -k "$overlays/$overlay"
case "$overlay" in minikube*) wait_for_minikube ;; esac
for app in accounts orders fulfillment gateway toolbox; do
  kubectl -n "$namespace" rollout status "deployment/$app" --timeout=5m
done
case "$overlay" in minikube*) print_map ;; esac
