#!/usr/bin/env bash
# Takes an overlay from the cluster that kubectl speaks to.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
usage_or_overlay 'usage: k8s/scripts/tear-down.sh OVERLAY [--data]

Deletes what k8s/overlays/OVERLAY made; what is not there any more is no error. On minikube the volumes of Kafka and MongoDB stay,
unless --data is given. Operators, Istio and namespaces that others share stay.' "$@"

case "$#:${2:-}" in
  1:* | 2:--data) ;;
  *) printf '%s\n' 'usage: k8s/scripts/tear-down.sh OVERLAY [--data]' >&2; exit 2 ;;
esac
case "$overlay:${2:-}" in
  minikube*) ;;
  *:--data) echo "--data: only minikube's data is ours to delete" >&2; exit 2 ;;
esac

# the namespaces go last of all: with them would go what others put there, and the volumes
kubectl kustomize "$overlays/$overlay" | awk 'BEGIN { RS = "---\n"; ORS = "---\n" } !/\nkind: Namespace\n/' |
  kubectl delete --ignore-not-found --wait -f -

if [ "${2:-}" = --data ]; then
  kubectl -n kafka delete pvc -l strimzi.io/cluster=storefront --ignore-not-found
  kubectl -n mongo delete pvc data-mongo-0 --ignore-not-found
fi
