import { type Manifest, type Manifests, specOf } from './manifests';
import { type HttpRoute, type Route, routesOf, type VirtualService } from './routes';
import { services } from './services';

/** Of each service, what anybody may send it. */
const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];
const safe = ['GET', 'HEAD', 'OPTIONS'];

/** Of all routes the first that takes a request: every request finds its service, and only what is safe is sent again. */
export function firstRouteFaults(manifests: Manifests): string[] {
  const edges = manifests.of('HTTPRoute', 'VirtualService');
  return services.flatMap((service) =>
    methods.flatMap((method) =>
      [`/${service}`, `/${service}/`, `/${service}/customers`].flatMap((path) => {
        const found = edges.flatMap((edge) => firstOf(edge, method, path));
        const isRead = safe.includes(method) && path.endsWith('/customers');
        return [
          ...(found.length === 0 ? [`the edge has no way for ${method} ${path}`] : []),
          ...found.flatMap((route) => routeFaults(route, service, method, path)),
          ...found.flatMap(({ retries }) =>
            isRead && retries !== 'after an answer' ? [`the edge sends ${method} ${path} only once`] : [],
          ),
        ];
      }),
    ),
  );
}

function routeFaults(route: Route, service: string, method: string, path: string): string[] {
  return [
    ...(route.service === service ? [] : [`the edge sends ${method} ${path} to ${route.service}`]),
    ...(route.retries === 'after an answer' && !safe.includes(method)
      ? [`the edge sends ${method} ${path} again`]
      : []),
  ];
}

/** Istio's rules count in the order in which they are written, those of the Gateway API by how much they say. */
function firstOf(edge: Manifest, method: string, path: string): Route[] {
  const index = edge.kind === 'VirtualService' ? firstWritten(edge, method, path) : mostSpecific(edge, method, path);
  return routesOf(edge).slice(index, index + 1);
}

function firstWritten(edge: Manifest, method: string, path: string): number {
  const { http } = specOf<VirtualService>(edge);
  const index = http.findIndex(({ match = [] }) =>
    match.some(({ uri, method: its }) => {
      const isPath = uri?.exact === undefined ? path.startsWith(uri?.prefix ?? '') : path === uri.exact;
      return isPath && (its === undefined || new RegExp(`^(?:${its.regex ?? its.exact ?? ''})$`).test(method));
    }),
  );
  return index === -1 ? http.length : index;
}

function mostSpecific(edge: Manifest, method: string, path: string): number {
  const { rules } = specOf<HttpRoute>(edge);
  const taking = rules.flatMap(({ matches = [] }, index) =>
    matches
      .filter(({ path: { type, value }, method: its }) => {
        const isPath = type === 'PathPrefix' ? path === value || path.startsWith(`${value}/`) : path === value;
        return isPath && (its === undefined || its === method);
      })
      .map((match) => ({ index, length: match.path.value.length, byMethod: match.method === undefined ? 0 : 1 })),
  );
  const [first] = taking.toSorted((one, other) => other.length - one.length || other.byMethod - one.byMethod);
  return first?.index ?? rules.length;
}
