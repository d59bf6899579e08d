#!/usr/bin/env bash
# The sample journey through an overlay's edge.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
usage_or_overlay 'usage: k8s/scripts/sample-data.sh OVERLAY [--token TEXT]

Runs npm run sample-data against the edge of the overlay, by its host name where it has one, else through a port of this machine; may be
run again. What follows OVERLAY goes to npm run sample-data, which also reads STOREFRONT_TOKEN and STOREFRONT_TOKEN_FILE. Needs an overlay
with the component sample-data (minikube, dev, test).' "$@"

sample_data() { # address, further arguments
  (cd "$overlays/../.." && npm run -s sample-data -- --url "$@")
}

host=$(kubectl -n "$namespace" get gateways.gateway.networking.k8s.io storefront --ignore-not-found \
  -o jsonpath='{.spec.listeners[?(@.name=="https")].hostname}')
if [ -n "$host" ]; then
  sample_data "https://$host" "${@:2}"
  exit
fi

case "$overlay" in
  minikube-classic) edge=(-n istio-system service/istio-ingressgateway) ;;
  *) edge=(-n "$namespace" service/storefront-istio) ;;
esac
kubectl port-forward "${edge[@]}" 18080:80 >/dev/null &
forward=$!
trap 'kill $forward 2>/dev/null' EXIT
for _ in $(seq 50); do
  if (exec 3<>/dev/tcp/127.0.0.1/18080) 2>/dev/null; then break; fi
  sleep 0.2
done
sample_data http://127.0.0.1:18080 "${@:2}"
