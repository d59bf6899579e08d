import type { ServiceName } from '../../scripts/system';
import type { Storefront } from '../system/storefront';

/** A JSON Schema, as far as bodies are made from it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** A request that has a body. */
export interface Endpoint {
  readonly service: ServiceName;
  readonly method: 'POST' | 'PUT' | 'PATCH';
  /** With its parameters as `{name}`. */
  readonly path: string;
  /** Absent where the OpenAPI document does not tell it: for operators' endpoints. */
  readonly schema?: Schema;
}

interface OpenApi {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema?: Schema }> } }>>;
  components?: { schemas?: Record<string, Schema> };
}

interface Mapping {
  details?: { requestMappingConditions: { methods: string[]; patterns: string[] } };
}

const writing: readonly string[] = ['POST', 'PUT', 'PATCH'] satisfies Endpoint['method'][];

/**
 * Every request with a body that the service knows, from `/actuator/mappings`, with its schema where the OpenAPI document has
 * one; of those with the same method and schema the first only.
 */
export async function endpointsOf(storefront: Storefront, service: ServiceName): Promise<Endpoint[]> {
  const ask = storefront.client(service);
  const api = (await ask('GET', '/v3/api-docs')).json as OpenApi;
  const { username, password } = storefront.management;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const mappings = (await ask('GET', '/actuator/mappings', undefined, { authorization })).json;
  const all = mappingsIn(mappings).flatMap(({ methods, patterns }) =>
    methods
      .filter((method) => writing.includes(method))
      .flatMap((method) =>
        patterns.map((path) => ({
          service,
          method: method as Endpoint['method'],
          path,
          ...schemaOf(api, path, method),
        })),
      ),
  );
  const kindOf = ({ method, path, schema }: Endpoint) => `${method} ${schema ? JSON.stringify(schema) : path}`;
  return all.filter((one, index) => all.findIndex((other) => kindOf(other) === kindOf(one)) === index);
}

function mappingsIn(document: unknown): { methods: string[]; patterns: string[] }[] {
  const { contexts } = document as {
    contexts: Record<string, { mappings: { dispatcherServlets: Record<string, Mapping[]> } }>;
  };
  const all = Object.values(contexts).flatMap(({ mappings }) => Object.values(mappings.dispatcherServlets).flat());
  return all.flatMap(({ details }) => details?.requestMappingConditions ?? []);
}

/** Of a PATCH the schema of the PUT beside it: a patch is about the same fields. */
function schemaOf(api: OpenApi, path: string, method: string): { schema?: Schema } {
  const operations = api.paths[path];
  const { requestBody } = operations?.[method === 'PATCH' ? 'put' : method.toLowerCase()] ?? {};
  const schema = Object.values(requestBody?.content ?? {})[0]?.schema;
  return schema ? { schema: resolved(schema, api) } : {};
}

function resolved(schema: Schema, api: OpenApi): Schema {
  const { $ref, items, properties, anyOf, ...rest } = schema;
  const named = $ref === undefined ? undefined : api.components?.schemas?.[$ref.split('/').at(-1) ?? ''];
  if (named) return resolved(named, api);
  const inner = Object.entries(properties ?? {}).map(([name, each]) => [name, resolved(each, api)] as const);
  return {
    ...rest,
    ...(items && { items: resolved(items, api) }),
    ...(properties && { properties: Object.fromEntries(inner) }),
    ...(anyOf && { anyOf: anyOf.map((each) => resolved(each, api)) }),
  };
}
