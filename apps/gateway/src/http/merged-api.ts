import type { LinksObject, OpenAPIObject, OperationObject, PathsObject } from '@nestjs/swagger';
import { linkServices } from './links-between-services';
import type { ServiceName } from './service-name';

/** A service that is away has none. */
export type ServiceApis = Readonly<Partial<Record<ServiceName, OpenAPIObject>>>;

const serviceNames: readonly ServiceName[] = ['accounts', 'orders', 'fulfillment'];
const operationMethods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const;

/** The documents of the services as one: paths, names of operations, tags and components with the service before them. */
export function mergedApi(apis: ServiceApis, { server, version }: { server: string; version: string }): OpenAPIObject {
  const present = serviceNames.flatMap((name) => (apis[name] === undefined ? [] : [prefixed(name, apis[name])]));
  const away = serviceNames.filter((name) => apis[name] === undefined);
  const paths = joined(present.map(({ paths }) => paths));
  linkServices(operationsOf(paths));
  const missing = `Not here, since they do not answer: ${away.join(', ')}.`;
  return {
    openapi: '3.1.0',
    info: {
      title: 'Storefront Demo API',
      version,
      ...(present[0]?.info.license && { license: present[0].info.license }),
      description: ['The services as they are behind the gateway.', ...(away.length > 0 ? [missing] : [])].join(' '),
    },
    servers: [{ url: server }],
    tags: present.flatMap(({ tags = [] }) => tags),
    security: [],
    paths,
    components: {
      schemas: joined(present.map(({ components }) => components?.schemas)),
      responses: joined(present.map(({ components }) => components?.responses)),
    },
  };
}

function prefixed(service: ServiceName, api: OpenAPIObject): OpenAPIObject {
  const text = JSON.stringify(api).replace(/"#\/components\/(\w+)\//g, `"#/components/$1/${service}.`);
  const { paths, components = {}, tags = [], ...rest } = JSON.parse(text) as OpenAPIObject;
  const named = (name: string) => `${service}.${name}`;
  return {
    ...rest,
    tags: tags.map(({ name, ...tag }) => ({ ...tag, name: named(name) })),
    paths: mapped(withNames(paths, named), (path) => `/${service}${path === '/' ? '' : path}`),
    components: {
      schemas: mapped(components.schemas ?? {}, named),
      responses: mapped(components.responses ?? {}, named),
    },
  };
}

function withNames(paths: PathsObject, named: (name: string) => string): PathsObject {
  for (const operation of operationsOf(paths)) {
    operation.operationId = named(operation.operationId ?? '');
    operation.tags = (operation.tags ?? []).map(named);
    for (const answer of Object.values(operation.responses)) {
      if (answer !== undefined && 'links' in answer && answer.links) answer.links = linksNamed(answer.links, named);
    }
  }
  return paths;
}

function operationsOf(paths: PathsObject): OperationObject[] {
  return Object.values(paths).flatMap((item) => operationMethods.flatMap((method) => item[method] ?? []));
}

function linksNamed(links: LinksObject, named: (name: string) => string): LinksObject {
  const told = Object.entries(links).map(([name, link]): [string, LinksObject[string]] => [
    named(name),
    'operationId' in link && link.operationId !== undefined ? { ...link, operationId: named(link.operationId) } : link,
  ]);
  return Object.fromEntries(told);
}

function joined<T>(records: readonly (Readonly<Record<string, T>> | undefined)[]): Record<string, T> {
  return Object.fromEntries(records.flatMap((record) => Object.entries(record ?? {})));
}

function mapped<T>(record: Readonly<Record<string, T>>, name: (key: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [name(key), value]));
}
