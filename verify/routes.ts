import { type Manifest, type Manifests, nameOf, specOf } from './manifests';
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
  /** Undefined: all. */
  readonly methods: readonly string[] | undefined;
  /** When a request is sent again. `as Istio likes` is what it does where nothing is said. */
  readonly retries: 'never' | 'without a connection' | 'after an answer' | 'as Istio likes';
  readonly timeout: string | undefined;
}

export interface HttpRoute {
  readonly parentRefs: readonly { readonly name: string; readonly sectionName?: string }[];
  readonly rules: readonly {
    readonly matches?: readonly {
      readonly path: { readonly type: string; readonly value: string };
      readonly method?: string;
    }[];
    readonly retry?: { readonly attempts?: number; readonly codes?: readonly number[] };
    readonly timeouts?: { readonly request?: string };
    readonly filters?: readonly {
      readonly requestHeaderModifier?: { readonly set: readonly { readonly name: string; readonly value: string }[] };
      readonly urlRewrite?: { readonly path: { readonly replacePrefixMatch: string } };
      readonly requestRedirect?: { readonly scheme: string; readonly statusCode: number };
    }[];
    readonly backendRefs?: readonly { readonly name: string; readonly port: number }[];
  }[];
}

export interface VirtualService {
  readonly http: readonly {
    readonly match?: readonly {
      readonly uri?: { readonly prefix?: string; readonly exact?: string };
      readonly method?: { readonly regex?: string; readonly exact?: string };
    }[];
    readonly retries?: { readonly attempts: number; readonly retryOn?: string };
    readonly timeout?: string;
    readonly rewrite?: { readonly uri: string };
    readonly headers?: { readonly request?: { readonly set?: Readonly<Record<string, string>> } };
    readonly route?: readonly {
      readonly destination: {
        readonly host: string;
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
    ...routes.flatMap(patienceFaults),
    ...manifests.of('HTTPRoute').flatMap(replacingFaults),
  ];
}

/** The API server refuses more: which of them would be replaced? */
function replacingFaults(manifest: Manifest): string[] {
  return specOf<HttpRoute>(manifest).rules.flatMap(({ matches = [], filters = [] }) =>
    matches.length > 1 && filters.some(({ urlRewrite }) => urlRewrite)
      ? [`${nameOf(manifest)}: a rule that replaces a prefix has ${matches.length} matches, not one`]
      : [],
  );
}

const safe = ['GET', 'HEAD', 'OPTIONS'];

/** How long the edge waits, and what it sends again. */
function patienceFaults({ service, methods, retries, timeout }: Route): string[] {
  const isSafe = methods?.every((each) => safe.includes(each)) ?? false;
  const isRight =
    retries === 'never' || retries === 'without a connection' || (retries === 'after an answer' && isSafe);
  return [
    ...(isRight ? [] : [`the edge sends ${methods?.join(', ') ?? 'any request'} to ${service} again ${retries}`]),
    ...(timeout ? [] : [`the edge waits for ${service} for ever`]),
  ];
}

function httpRoutes({
  matches = [],
  filters = [],
  retry,
  timeouts,
  backendRefs = [],
}: HttpRoute['rules'][number]): Route[] {
  const replaced = filters.find(({ urlRewrite }) => urlRewrite)?.urlRewrite?.path.replacePrefixMatch;
  const header = filters
    .flatMap(({ requestHeaderModifier }) => requestHeaderModifier?.set ?? [])
    .find(({ name }) => name.toLowerCase() === 'x-forwarded-prefix');
  return backendRefs.map(({ name, port }) => ({
    prefixes: [...new Set(matches.map(({ path }) => (path.type === 'PathPrefix' ? '' : `${path.type} `) + path.value))],
    // the Gateway API replaces whole path elements
    rewritten: matches.map(({ path }) =>
      replaced === undefined ? `${path.value}/customers` : `${replaced.replace(/\/$/, '')}/customers`,
    ),
    forwardedPrefix: header?.value,
    service: name,
    port,
    methods: methodsOf(matches.map(({ method }) => method)),
    retries: retriesOf(retry?.attempts, (retry?.codes ?? []).length > 0),
    timeout: timeouts?.request,
  }));
}

/** Undefined as soon as one match takes any. */
function methodsOf(methods: readonly (string | undefined)[]): string[] | undefined {
  const named = methods.filter((method) => method !== undefined);
  return named.length === methods.length ? named.flatMap((method) => method.split('|')) : undefined;
}

function retriesOf(attempts: number | undefined, afterAnswers: boolean): Route['retries'] {
  if (attempts === undefined) return 'as Istio likes';
  if (attempts === 0) return 'never';
  return afterAnswers ? 'after an answer' : 'without a connection';
}

/** Reasons of Envoy's that no server can have had anything to do with. */
const unconnected = ['connect-failure', 'refused-stream'];

function virtualRoutes({
  match = [],
  rewrite,
  headers,
  retries,
  timeout,
  route = [],
}: VirtualService['http'][number]): Route[] {
  const reasons = retries?.retryOn?.split(',') ?? ['default'];
  const set = Object.entries(headers?.request?.set ?? {});
  const prefixes = match.map(({ uri }) => uri?.prefix ?? uri?.exact ?? '');
  return route.map(({ destination: { host, port } }) => ({
    prefixes: [...new Set(prefixes.map((prefix) => prefix.replace(/(.)\/$/, '$1')))],
    // Istio replaces the matched text and nothing else
    rewritten: match.flatMap(({ uri }) => {
      if (uri?.prefix === undefined) return [];
      const request = `${uri.prefix.replace(/\/$/, '')}/customers`;
      return rewrite ? [rewrite.uri + request.slice(uri.prefix.length)] : [request];
    }),
    forwardedPrefix: set.find(([name]) => name.toLowerCase() === 'x-forwarded-prefix')?.[1],
    service: host,
    port: port.number,
    methods: methodsOf(match.map(({ method }) => method?.regex ?? method?.exact)),
    retries: retriesOf(retries?.attempts, !reasons.every((reason) => unconnected.includes(reason))),
    timeout,
  }));
}
