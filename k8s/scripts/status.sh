#!/usr/bin/env bash
# How an overlay is, in the cluster that kubectl speaks to.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
usage_or_overlay 'usage: k8s/scripts/status.sh OVERLAY

Shows deployments, pods, autoscalers, routes and, on minikube, Kafka with its topics and users. Ends with 1 when a service is not
as it is meant to be.' "$@"

kubectl -n "$namespace" get deployments,pods,horizontalpodautoscalers -l app.kubernetes.io/part-of=storefront
kubectl -n "$namespace" get gateways.gateway.networking.k8s.io,httproutes.gateway.networking.k8s.io 2>/dev/null || true
case "$overlay" in
  minikube*)
    kubectl -n kafka get kafkas,kafkatopics,kafkausers
    kubectl -n mongo get statefulsets,pods
    ;;
esac
for app in accounts orders fulfillment gateway toolbox; do
  # with none, a Deployment is Available
  if [ "$(kubectl -n "$namespace" get "deployment/$app" -o 'jsonpath={.spec.replicas}')" = 0 ]; then
    echo "deployment/$app has 0 replicas" >&2
    exit 1
  fi
  kubectl -n "$namespace" wait "deployment/$app" --for=condition=Available --timeout=1s
done
