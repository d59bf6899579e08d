import { load } from 'js-yaml';
import { type Manifest, type Manifests, nameOf, namespaceOf, specOf } from './manifests';

interface Provider {
  readonly name: string;
  readonly opentelemetry?: { readonly service: string; readonly port: number };
}

/**
 * Spans of proxies that would go nowhere: a Telemetry that names a provider which the mesh, configured by these values of the
 * chart istiod, does not have or has at another address; and one that names none where there is a collector.
 */
export function traceFaults(istiodValues: string, manifests: Manifests): string[] {
  const { meshConfig } = load(istiodValues) as { meshConfig?: { extensionProviders?: readonly Provider[] } };
  return manifests.of('Telemetry').flatMap((telemetry) => {
    const { tracing = [] } = specOf<{ tracing?: { providers: { name: string }[] }[] }>(telemetry);
    const names = tracing.flatMap(({ providers }) => providers.map(({ name }) => name));
    const collector = manifests.find('Service', namespaceOf(telemetry), 'traces');
    const faults = [
      ...(collector && names.length === 0 ? ['there is a collector, and no provider is named'] : []),
      ...names.flatMap((name) => {
        const provider = meshConfig?.extensionProviders?.find((each) => each.name === name);
        return provider ? addressFaults(provider, collector) : [`the mesh has no provider ${name}`];
      }),
    ];
    return faults.map((fault) => `${nameOf(telemetry)}: ${fault}`);
  });
}

function addressFaults({ name, opentelemetry }: Provider, collector: Manifest | undefined): string[] {
  const { service = 'nobody', port = 0 } = opentelemetry ?? {};
  const ports = collector ? specOf<{ ports: { port: number }[] }>(collector).ports.map((each) => each.port) : [];
  const isThere =
    collector &&
    service === `${collector.metadata.name}.${namespaceOf(collector)}.svc.cluster.local` &&
    ports.includes(port);
  return isThere ? [] : [`${name} sends to ${service}:${port}, where nothing is`];
}
