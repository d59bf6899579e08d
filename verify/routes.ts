import { type Manifest, type Manifests, specOf } from './manifests';
import { services } from './services';

/** One way through the edge. */
export interface Route {
  /** `/orders`: what it takes, with and without more behind it. */
  readonly prefixes: readonly string[];
  /** What the service gets of `<prefix>/customers`. */
  readonly rewritten: readonly string[];
  readonly forwardedPrefix: string | undefined;
  readonly service: string;
  readonly port: number;
  readonly subset?: string;
}

interface HttpRoute {
  readonly rules: readonly {
    readonly matches: readonly { readonly path: { readonly type: string; readonly value: string } }[];
    readonly filters?: readonly {
      readonly requestHeaderModifier?: { readonly set: readonly { readonly name: string; readonly value: string }[] };
      readonly urlRewrite?: { readonly path: { readonly replacePrefixMatch: string } };
    }[];
    readonly backendRefs: readonly { readonly name: string; readonly port: number }[];
  }[];
}

interface VirtualService {
  readonly http: readonly {
    readonly match: readonly { readonly uri: { readonly prefix?: string; readonly exact?: string } }[];
    readonly rewrite?: { readonly uri: string };
    readonly headers?: { readonly request?: { readonly set?: Readonly<Record<string, string>> } };
    readonly route: readonly {
      readonly destination: {
        readonly host: string;
        readonly subset?: string;
        readonly port: { readonly number: number };
      };
    }[];
  }[];
}

export function routesOf(manifest: Manifest): Route[] {
  if (manifest.kind === 'HTTPRoute') return specOf<HttpRoute>(manifest).rules.flatMap(httpRoutes);
  if (manifest.kind === 'VirtualService') return specOf<VirtualService>(manifest).http.flatMap(virtualRoutes);
  return [];
}

/** Every service behind the prefix that the gateway app gives it, without `//`, and told what was taken off. */
export function edgeFaults(manifests: Manifests): string[] {
  const routes = manifests.of('HTTPRoute', 'VirtualService').flatMap(routesOf);
  const reached = new Set(routes.map(({ service }) => service));
  return [
    ...services.flatMap((name) => (reached.has(name) ? [] : [`the edge has no route to ${name}`])),
    ...routes.flatMap(({ service, prefixes, rewritten, forwardedPrefix }) => [
      ...prefixes.flatMap((prefix) =>
        prefix === `/${service}` ? [] : [`the edge sends ${prefix} to ${service}, the gateway app /${service}`],
      ),
      ...rewritten.flatMap((path) =>
        path === '/customers' ? [] : [`the edge sends ${path} to ${service} instead of /customers`],
      ),
      ...(forwardedPrefix === `/${service}` ? [] : [`${service} is told the prefix ${forwardedPrefix ?? 'nothing'}`]),
    ]),
  ];
}

function httpRoutes({ matches, filters = [], backendRefs }: HttpRoute['rules'][number]): Route[] {
  const replaced = filters.find(({ urlRewrite }) => urlRewrite)?.urlRewrite?.path.replacePrefixMatch;
  const header = filters
    .flatMap(({ requestHeaderModifier }) => requestHeaderModifier?.set ?? [])
    .find(({ name }) => name.toLowerCase() === 'x-forwarded-prefix');
  return backendRefs.map(({ name, port }) => ({
    prefixes: [...new Set(matches.map(({ path }) => path.value.replace(/(.)\/$/, '$1')))],
    // the Gateway API replaces whole path elements
    rewritten: matches.map(({ path }) =>
      replaced === undefined ? `${path.value}/customers` : `${replaced.replace(/\/$/, '')}/customers`,
    ),
    forwardedPrefix: header?.value,
    service: name,
    port,
  }));
}

function virtualRoutes({ match, rewrite, headers, route }: VirtualService['http'][number]): Route[] {
  const set = Object.entries(headers?.request?.set ?? {});
  const prefixes = match.map(({ uri }) => uri.prefix ?? uri.exact ?? '');
  return route.map(({ destination: { host, subset, port } }) => ({
    prefixes: [...new Set(prefixes.map((prefix) => prefix.replace(/(.)\/$/, '$1')))],
    // Istio replaces the matched text and nothing else
    rewritten: match.flatMap(({ uri }) => {
      if (uri.prefix === undefined) return [];
      const request = `${uri.prefix.replace(/\/$/, '')}/customers`;
      return rewrite ? [rewrite.uri + request.slice(uri.prefix.length)] : [request];
    }),
    forwardedPrefix: set.find(([name]) => name.toLowerCase() === 'x-forwarded-prefix')?.[1],
    service: host,
    port: port.number,
    ...(subset !== undefined && { subset }),
  }));
}
