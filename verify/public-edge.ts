import { type Manifest, type Manifests, nameOf, specOf } from './manifests';
import { type HttpRoute, routesOf } from './routes';

/**
 * From where an edge can be reached: from everywhere, by HTTPS alone and with a token; from a laptop, by HTTP and HTTPS; from the cluster
 * alone.
 */
export type Reach = 'public' | 'laptop' | 'cluster';

interface Gateway {
  readonly listeners?: readonly {
    readonly name: string;
    readonly hostname?: string;
    readonly tls?: { readonly certificateRefs: readonly { readonly name: string }[] };
  }[];
}

/** Whether the edge of a place can be reached from where it should be, and from nowhere else. */
export function reachFaults(manifests: Manifests, reach: Reach): string[] {
  return [
    ...manifests.of('Gateway').flatMap((each) => gatewayFaults(each, reach)),
    ...(reach === 'public' ? publicFaults(manifests) : manifests.of('HTTPRoute').flatMap(sectionFaults)),
  ];
}

function gatewayFaults(gateway: Manifest, reach: Reach): string[] {
  const { listeners } = specOf<Gateway>(gateway);
  const isInside = gateway.metadata.annotations?.['networking.istio.io/service-type'] === 'ClusterIP';
  const hosts = listeners?.flatMap(({ hostname }) => hostname ?? []) ?? [];
  const names = listeners?.map(({ name }) => name).join() ?? 'http,https';
  const expected = reach === 'cluster' ? 'http' : 'http,https';
  return [
    ...(isInside === (reach === 'cluster') ? [] : [`it is ${isInside ? 'not ' : ''}reached from outside`]),
    ...(reach === 'public' || hosts.length === 0 ? [] : [`it answers for ${hosts.join()} alone`]),
    ...(names === expected ? [] : [`it listens for ${names}, not ${expected}`]),
  ].map((fault) => `${nameOf(gateway)}: ${fault}`);
}

/** One host name with a certificate for it; nothing but the way to HTTPS without TLS, since no token is asked for there. */
function publicFaults(manifests: Manifests): string[] {
  const listeners = manifests.of('Gateway').flatMap((each) => specOf<Gateway>(each).listeners ?? []);
  const hosts = new Set(listeners.map(({ hostname }) => hostname ?? 'any'));
  const secrets = listeners.flatMap(({ tls }) => tls?.certificateRefs ?? []).map(({ name }) => name);
  const certificates = manifests
    .of('Certificate')
    .map((each) => specOf<{ secretName: string; dnsNames: string[] }>(each));
  const routes = manifests.of('HTTPRoute');
  const redirects = routes.filter((each) => routesOf(each).length === 0);
  const open = routes.filter((each) => !redirects.includes(each) && sectionsOf(each).some((name) => name !== 'https'));
  return [
    ...(hosts.size === 1 && !hosts.has('any') ? [] : [`its edge answers for ${[...hosts].join(' and ')}`]),
    ...(redirects.flatMap(sectionsOf).join() === 'http' ? [] : ['HTTP does not lead to HTTPS']),
    ...open.map((each) => `${nameOf(each)}: it leads on without TLS`),
    ...secrets.flatMap((secret) => {
      const names = certificates.filter(({ secretName }) => secretName === secret).flatMap(({ dnsNames }) => dnsNames);
      return names.join() === [...hosts].join()
        ? []
        : [`the certificate in ${secret} is for ${names.join() || 'nobody'}`];
    }),
  ];
}

/** Where there is no name, HTTP leads as far as HTTPS: the original's scripts know nothing else. */
function sectionFaults(route: Manifest): string[] {
  return sectionsOf(route).flatMap((name) => (name === 'any' ? [] : [`${nameOf(route)}: it is for ${name} alone`]));
}

function sectionsOf(route: Manifest): string[] {
  return specOf<HttpRoute>(route).parentRefs.map(({ sectionName }) => sectionName ?? 'any');
}
