import { eventually } from '../../test/eventually';
import { type Manifest, specOf } from '../manifests';
import type { Cluster } from './cluster';
import type { Edge } from './edge';

/** Where istiod tells what it would have a proxy do. */
const istiod = 'http://127.0.0.1:15080/debug/config_dump';

/** The edge's proxy, and what it has written. */
export interface EdgeProxy extends Edge {
  /** As istiod knows it. */
  readonly id: string;
  readonly address: string;
  log(): string;
}

/**
 * What went wrong is logged and nothing else; istiod has the edge count. The counting needs a filter that only Istio's own Envoy
 * has: so this one runs without, and the whole object goes to istiod last.
 */
export async function telemetryFaults(telemetry: Manifest, edge: EdgeProxy, cluster: Cluster): Promise<string[]> {
  const { metrics, ...rest } = specOf<{ metrics?: object[] }>(telemetry);
  cluster.apply([{ ...telemetry, spec: rest }]);
  const ask = async (path: string) => (await fetch(edge.url + path, { headers: edge.headers })).status;
  const isLogged = (path: string, status: number) => edge.log().includes(`"GET ${path} HTTP/1.1" ${status}`);
  await eventually(
    async () => isLogged('/nowhere', await ask('/nowhere')),
    (logged) => logged,
    30_000,
  );
  const well = await ask('/orders/products');
  // a line that comes later: what came before it is there
  await ask('/nowhere-else');
  await eventually(
    () => isLogged('/nowhere-else', 404),
    (logged) => logged,
  );
  const dump = async () => (await fetch(`${istiod}?proxyID=${edge.id}`)).text();
  const before = await dump();
  cluster.apply([telemetry]);
  await eventually(dump, (text) => text.includes('istio.stats'), 30_000);
  return [
    ...(well === 200 && isLogged('/orders/products', 200) ? ['what went well is logged too'] : []),
    ...(well === 200 ? [] : [`GET /orders/products: ${well}`]),
    ...(metrics && before.includes('istio.stats') ? ['requests were counted without being asked for'] : []),
  ];
}
