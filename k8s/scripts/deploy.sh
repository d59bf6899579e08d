#!/usr/bin/env bash
# Brings an overlay to the cluster that kubectl speaks to.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
usage_or_overlay 'usage: k8s/scripts/deploy.sh OVERLAY

Applies k8s/overlays/OVERLAY and waits until all of it runs; may be run again. For minikube it also builds the images into the
cluster and installs what is missing of Istio, the Gateway API and Strimzi (needs minikube, docker, helm). Elsewhere these, the
images and the Secrets are expected to be there (docs/kubernetes.md).' "$@"

gateway_api=v1.6.2 istio=1.30.3 strimzi=1.2.0 keda=2.20.2 kiali=2.26.0
repository=$(cd "$overlays/../.." && pwd)

chart() { # release, chart, namespace, further arguments
  helm upgrade --install "$1" "$2" --namespace "$3" --create-namespace --wait "${@:4}"
}

prepare_minikube() {
  for app in accounts orders fulfillment gateway; do
    docker build --build-arg APP=$app -t storefront/$app:0.1.0 "$repository"
    minikube image load storefront/$app:0.1.0
  done
  docker build --target commands -t storefront/commands:0.1.0 "$repository"
  minikube image load storefront/commands:0.1.0
  kubectl apply --server-side -f "https://github.com/kubernetes-sigs/gateway-api/releases/download/$gateway_api/experimental-install.yaml"
  local charts=https://istio-release.storage.googleapis.com/charts
  chart istio-base base istio-system --repo $charts --version $istio
  chart istio-cni cni istio-system --repo $charts --version $istio
  chart istiod istiod istio-system --repo $charts --version $istio --set pilot.cni.enabled=true
  if [ "$overlay" = minikube-classic ]; then
    chart istio-ingressgateway gateway istio-system --repo $charts --version $istio \
      --values "$overlays/minikube-classic/ingress-gateway.values.yaml"
    chart keda keda keda --repo https://kedacore.github.io/charts --version $keda
    chart monitoring kube-prometheus-stack monitoring --repo https://prometheus-community.github.io/helm-charts \
      --set prometheus.prometheusSpec.serviceMonitorSelectorNilUsesHelmValues=false
  fi
  chart kiali kiali-server istio-system --repo https://kiali.org/helm-charts --version $kiali --set auth.strategy=anonymous \
    --set external_services.prometheus.url=http://monitoring-kube-prometheus-prometheus.monitoring:9090
  kubectl apply --server-side -f "$overlays/minikube/kafka/namespace.yaml"
  chart strimzi oci://quay.io/strimzi-helm/strimzi-kafka-operator kafka --version $strimzi --set generateNetworkPolicy=false
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
  minikube*) prepare_minikube ;;
  dev | test | uat | gke-*)
    kubectl apply --server-side -f "$overlays/$overlay/namespace.yaml"
    require_secrets mongodb-atlas confluent-cloud-kafka
    make_management_password
    ;;
esac

kubectl apply --server-side -k "$overlays/$overlay"
case "$overlay" in minikube*) wait_for_minikube ;; esac
for app in accounts orders fulfillment gateway toolbox; do
  kubectl -n "$namespace" rollout status "deployment/$app" --timeout=5m
done
case "$overlay" in minikube*) print_map ;; esac
