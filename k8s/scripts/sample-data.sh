#!/usr/bin/env bash
# The sample journey through an overlay's edge.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
usage_or_overlay 'usage: k8s/scripts/sample-data.sh OVERLAY

Opens a port to the edge of the overlay and runs npm run sample-data against it; may be run again. Needs an overlay with the
component sample-data (minikube, dev, test).' "$@"

case "$overlay" in
  minikube-classic) edge=(-n istio-system service/istio-ingressgateway 18080:8080) ;;
  *) edge=(-n "$namespace" service/storefront-istio 18080:8080) ;;
esac
kubectl port-forward "${edge[@]}" >/dev/null &
forward=$!
trap 'kill $forward 2>/dev/null' EXIT
for _ in $(seq 50); do
  if (exec 3<>/dev/tcp/127.0.0.1/18080) 2>/dev/null; then break; fi
  sleep 0.2
done
cd "$overlays/../.."
npm run -s sample-data -- --url http://127.0.0.1:18080
