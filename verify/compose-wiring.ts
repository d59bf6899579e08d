import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressesIn } from './addresses';
import { asTexts, type Compose, type ComposeService } from './compose-file';
import { filesNamed, variablesRead } from './scripts';

const root = join(__dirname, '..');

/** Where images that are not ours listen; Kafka's ports are in compose/kafka/server.properties. */
const listening: Readonly<Record<string, readonly number[]>> = {
  mongo: [27_017],
  prometheus: [9090],
  grafana: [3000],
  traces: [4318, 16_686],
  'kafka-ui': [8080],
  'mongo-express': [8081],
};

/** What a container of compose.yaml names: other containers and their ports, volumes, files, and what a script reads. */
export function composeWiringFaults(compose: Compose): string[] {
  const declared = new Set(Object.keys(compose.volumes ?? {}));
  return Object.entries(compose.services).flatMap(([name, service]) =>
    [
      ...addressFaults(service, compose),
      ...portFaults(name, service),
      ...orderFaults(service, compose),
      ...mountsOf(service).flatMap(({ from }) => mountFault(from, declared)),
      ...scriptFaults(service),
    ].map((fault) => `compose, ${name}: ${fault}`),
  );
}

/** The ports of a container, ours and those of others. */
function portsOf(name: string, { build, environment }: ComposeService): readonly number[] {
  const management = Number(environment?.['MANAGEMENT_SERVER_PORT'] ?? 0);
  if (build) return management > 0 ? [8080, management] : [8080];
  if (name !== 'kafka') return listening[name] ?? [];
  const properties = readFileSync(join(root, 'compose/kafka/server.properties'), 'utf8');
  const listeners = /^listeners=(.*)$/m.exec(properties)?.[1] ?? '';
  return [...listeners.matchAll(/:(\d+)/g)].map(([, port]) => Number(port));
}

function addressFaults(service: ComposeService, { services }: Compose): string[] {
  const { environment = {}, entrypoint = [], command = [], healthcheck } = service;
  const texts = [...Object.values(asTexts(environment)), ...entrypoint, ...command, ...(healthcheck?.test ?? [])];
  return texts
    .flatMap((text) => addressesIn(text))
    .flatMap(({ host, port }) => {
      const called = services[host];
      if (!called) return [`there is no ${host}`];
      return portsOf(host, called).includes(port) ? [] : [`${host} does not listen at ${port}`];
    });
}

function portFaults(name: string, service: ComposeService): string[] {
  return (service.ports ?? []).flatMap((each) => {
    const inside = Number(each.split(':').at(-1));
    return portsOf(name, service).includes(inside) ? [] : [`it does not listen at ${inside}`];
  });
}

const knownConditions = new Set(['service_started', 'service_healthy', 'service_completed_successfully']);

/** A container that is waited for must be able to get there. */
function orderFaults({ depends_on: order = {} }: ComposeService, { services }: Compose): string[] {
  const conditions = Array.isArray(order)
    ? order.map((name): [string, undefined] => [String(name), undefined])
    : Object.entries(order);
  return conditions.flatMap(([name, wanted]) => {
    const other = services[name];
    if (!other) return [`it waits for ${name}, which is not there`];
    const { condition = 'service_started' } = wanted ?? {};
    if (!knownConditions.has(condition)) return [`it waits for ${name} by ${condition}`];
    const isJob = other.restart === undefined;
    // our images have a health check of their own
    const hasHealth = other.healthcheck !== undefined || other.build !== undefined;
    if (condition === 'service_healthy' && !hasHealth)
      return [`it waits until ${name} is healthy, which has no health check`];
    if ((condition === 'service_completed_successfully') !== isJob) return [`it waits for ${name} by ${condition}`];
    return [];
  });
}

interface Mount {
  readonly from: string;
  readonly to: string;
}

function mountsOf({ volumes = [] }: ComposeService): Mount[] {
  return volumes.map((each) => {
    const [from = '', to = ''] = each.split(':');
    return { from, to };
  });
}

function mountFault(from: string, declared: ReadonlySet<string>): string[] {
  const isThere = from.startsWith('.') ? existsSync(join(root, from)) : declared.has(from);
  return isThere ? [] : [`${from} is no ${from.startsWith('.') ? 'file' : 'volume'}`];
}

function scriptFaults(service: ComposeService): string[] {
  const { environment = {}, entrypoint = [], command = [] } = service;
  return filesNamed([...entrypoint, ...command]).flatMap((file) => {
    const mount = mountsOf(service).find(({ to }) => file === to || file.startsWith(`${to}/`));
    const source = mount && join(root, mount.from + file.slice(mount.to.length));
    if (!source || !existsSync(source)) return [`nothing is mounted at ${file}`];
    if (!/\.(js|sh)$/.test(file)) return [];
    const missing = variablesRead(readFileSync(source, 'utf8')).filter((name) => !(name in environment));
    return missing.map((name) => `${file} reads ${name}, which is not set`);
  });
}
