import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicPaths as endpoints } from '../apps/gateway/src/http/public-endpoints';
import { type Manifest, type Manifests, nameOf, namespaceOf, specOf } from './manifests';
import { type Service, services } from './services';

interface Rule {
  readonly from?: readonly { readonly source: Source }[];
  readonly to?: readonly {
    readonly operation: {
      readonly paths?: readonly string[];
      readonly methods?: readonly string[];
      readonly ports?: readonly string[];
    };
  }[];
}

interface Source {
  readonly principals?: readonly string[];
  readonly requestPrincipals?: readonly string[];
}

interface Policy {
  readonly action?: string;
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly rules?: readonly Rule[];
}

const account = (namespace: string, name: string) => `cluster.local/ns/${namespace}/sa/${name}`;
/** Istio's shared ingress gateway, as its chart and deploy.sh name it. */
const sharedGateway = account('istio-system', 'istio-ingressgateway-service-account');
const comparedBy = 'digest|republish|reconciliation|status-reports|fulfillment-requests';
/** Who may call guarded endpoints from within, by the ending of the policy's name. */
const insiders = [
  { ending: '-reconciled', insider: 'gateway', needs: new RegExp(`^/actuator/(info|(${comparedBy})(/\\*)?)$`) },
  { ending: '-operated', insider: 'toolbox', needs: new RegExp(`^/actuator/(info|(${comparedBy}|parked)(/\\*)?)$`) },
] as const;
/** Some of what stays inside. */
const guarded = ['/actuator/env', '/actuator/health/mongo', '/actuator/parked/x', '/actuator/prometheus/x'];
/** What a service has besides the paths of its OpenAPI document. */
const pages = ['/profile', '/profile/x', '/swagger-ui/', '/v3/api-docs'];

/** STRICT mTLS, and for each service one list of who may call what: the edge its public paths, nobody else. */
export function meshFaults(manifests: Manifests): string[] {
  if (manifests.of('PeerAuthentication').length === 0) return ['the mesh does not ask for mTLS: no PeerAuthentication'];
  const policies = manifests.of('AuthorizationPolicy');
  return [
    ...manifests.of('PeerAuthentication').flatMap((each) => modeFaults(each)),
    ...services.flatMap((service) => {
      const own = policies.filter((each) => specOf<Policy>(each).selector?.matchLabels?.['app'] === service);
      const edge = own.filter(({ metadata }) => !insiders.some(({ ending }) => metadata.name === service + ending));
      if (edge.length === 0) return [`anybody in the mesh may call ${service}: no AuthorizationPolicy`];
      return [
        // who one of them lets in is in
        ...(edge.length > 1 ? [`${edge.map(nameOf).join(' and ')} are for the same`] : []),
        ...own.filter((each) => !edge.includes(each)).flatMap(insiderFaults),
        ...edge.flatMap((each) => policyFaults(service, each, manifests).map((fault) => `${nameOf(each)}: ${fault}`)),
      ];
    }),
    ...policies.flatMap((each) => tokenFaults(each).map((fault) => `${nameOf(each)}: ${fault}`)),
    ...issuerFaults(manifests),
    ...manifests.of('ServiceEntry').flatMap((each) => outsideFaults(each).map((fault) => `${nameOf(each)}: ${fault}`)),
  ];
}

function modeFaults(manifest: Manifest): string[] {
  const { mtls } = specOf<{ mtls?: { mode: string } }>(manifest);
  return mtls?.mode === 'STRICT' ? [] : [`${nameOf(manifest)}: mTLS is not STRICT`];
}

function policyFaults(service: Service, manifest: Manifest, manifests: Manifests): string[] {
  const { action = 'ALLOW', rules = [] } = specOf<Policy>(manifest);
  const edge = rules.filter(({ from }) => from?.some(({ source }) => source.principals));
  const others = rules.filter((rule) => !edge.includes(rule));
  return [
    ...(action === 'ALLOW' ? [] : [`its action is ${action}`]),
    ...edge.flatMap((rule) => principalFaults(rule, namespaceOf(manifest), manifests)),
    ...pathFaults(service, edge.flatMap(pathsOf)),
    ...edge.flatMap(({ to = [] }) =>
      to.every(({ operation }) => !operation.methods) ? [] : ['only some methods may be used'],
    ),
    ...(others.length === 0 ? [] : ['besides the edge, nobody may call']),
  ];
}

/** What compares the copies, and the commands, may call what they need, and nothing else: no secrets, no levels, no heap. */
function insiderFaults(manifest: Manifest): string[] {
  const { insider, needs } = insiders.find(({ ending }) => manifest.metadata.name.endsWith(ending)) ?? insiders[0];
  const { rules = [] } = specOf<Policy>(manifest);
  const callers = rules.flatMap(({ from = [] }) => from.flatMap(({ source }) => source.principals ?? ['anybody']));
  const stray = rules.flatMap(pathsOf).filter((path) => !needs.test(path));
  return [
    ...(callers.join() === account(namespaceOf(manifest), insider)
      ? []
      : [`${nameOf(manifest)}: lets in ${callers.join() || 'anybody'}`]),
    ...(stray.length === 0 ? [] : [`${nameOf(manifest)}: the ${insider} needs no ${stray.join()}`]),
  ];
}

/** A Gateway of the Gateway API runs as `<its name>-istio` where it is; one of Istio's own is on the shared ingress gateway. */
function principalFaults({ from = [] }: Rule, namespace: string, manifests: Manifests): string[] {
  const edges = manifests
    .of('Gateway')
    .filter((each) => namespaceOf(each) === namespace)
    .map(({ apiVersion, metadata }) =>
      apiVersion.startsWith('networking.istio.io/') ? sharedGateway : account(namespace, `${metadata.name}-istio`),
    );
  const named = from.flatMap(({ source }) => source.principals ?? []);
  return named.join() === edges.join() ? [] : [`the edge is ${edges.join()}, not ${named.join()}`];
}

function pathFaults(service: Service, allowed: readonly string[]): string[] {
  const paths = publicPaths(service);
  const matches = (pattern: string, path: string) =>
    pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
  return [
    ...paths.flatMap((path) => (allowed.some((each) => matches(each, path)) ? [] : [`the edge may not call ${path}`])),
    ...allowed.flatMap((each) => (paths.some((path) => matches(each, path)) ? [] : [`there is no ${each}`])),
    ...guarded.flatMap((path) => (allowed.some((each) => matches(each, path)) ? [`the edge may call ${path}`] : [])),
  ];
}

function publicPaths(service: Service): string[] {
  const file = join(__dirname, '..', `docs/generated/openapi-${service}.json`);
  const { paths } = JSON.parse(readFileSync(file, 'utf8')) as { paths: Record<string, unknown> };
  return [...Object.keys(paths).filter((path) => !path.startsWith('/actuator')), ...pages, ...endpoints];
}

const pathsOf = ({ to = [] }: Rule) => to.flatMap(({ operation }) => operation.paths ?? []);

/** At the edge a rule asks for a token, unless it is for what browsers ask without one, or where there is only the way to HTTPS. */
function tokenFaults(manifest: Manifest): string[] {
  const { selector, rules = [] } = specOf<Policy>(manifest);
  if (selector) return [];
  return rules.flatMap(({ from = [], to = [] }) => {
    const asks = from.length > 0 && from.every(({ source }) => (source.requestPrincipals ?? []).length > 0);
    const isFree =
      to.length > 0 &&
      to.every(
        ({ operation: { methods = [], ports = [] } }) =>
          [...methods, ...ports].join() === (ports.length > 0 ? '80' : 'OPTIONS'),
      );
    return asks || isFree ? [] : ['a rule asks for no token'];
  });
}

/** Whom the edge lets in must be whom it knows how to check. */
function issuerFaults(manifests: Manifests): string[] {
  const issuers = manifests
    .of('RequestAuthentication')
    .flatMap((each) => specOf<{ jwtRules: { issuer: string; jwksUri?: string }[] }>(each).jwtRules);
  const asked = manifests
    .of('AuthorizationPolicy')
    .flatMap((each) => specOf<Policy>(each).rules ?? [])
    .flatMap(({ from = [] }) => from.flatMap(({ source }) => source.requestPrincipals ?? []));
  return [
    ...asked.flatMap((each) =>
      issuers.some(({ issuer }) => each === `${issuer}/*`)
        ? []
        : [`the edge lets in ${each}, whose tokens nobody checks`],
    ),
    ...issuers.flatMap(({ issuer, jwksUri }) => [
      ...(jwksUri?.startsWith('https://') ? [] : [`the keys of ${issuer} come in the clear`]),
      ...(asked.includes(`${issuer}/*`) ? [] : [`tokens of ${issuer} are checked, but none is asked for`]),
    ]),
  ];
}

/** Clouds are reached by TLS; of a name with a wildcard there is nothing to resolve. */
function outsideFaults(manifest: Manifest): string[] {
  const { hosts, location, resolution, ports } = specOf<{
    hosts: string[];
    location?: string;
    resolution?: string;
    ports: { protocol: string }[];
  }>(manifest);
  const expected = hosts.some((host) => host.startsWith('*')) ? 'NONE' : 'DNS';
  return [
    ...(location === 'MESH_EXTERNAL' ? [] : [`it is ${location}`]),
    ...(resolution === expected ? [] : [`${hosts.join()} has the resolution ${resolution}, not ${expected}`]),
    ...(ports.every(({ protocol }) => protocol === 'TLS') ? [] : ['it is not reached by TLS']),
  ];
}
