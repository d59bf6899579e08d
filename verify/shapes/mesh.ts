import { z } from 'zod';
import { named, number, seconds, withSpec } from './objects';

const name = z.string();
/** What clients say in these must not come through: services believe the proxy that hands it on. */
const forged = z.tuple([z.literal('X-Forwarded-Host'), z.literal('X-Forwarded-Port')]);
const prefix = z.strictObject({
  type: z.literal('RequestHeaderModifier'),
  requestHeaderModifier: z.strictObject({ set: z.tuple([z.strictObject({ name, value: name })]), remove: forged }),
});
const rewrite = z.strictObject({
  type: z.literal('URLRewrite'),
  urlRewrite: z.strictObject({
    path: z.strictObject({ type: z.literal('ReplacePrefixMatch'), replacePrefixMatch: z.string() }),
  }),
});
const patience = seconds(5, 60);

const gatewayApi = {
  'gateway.networking.k8s.io/Gateway': withSpec({
    gatewayClassName: z.literal('istio'),
    listeners: z.tuple([
      z.strictObject({
        name,
        port: z.int(),
        protocol: z.literal('HTTP'),
        allowedRoutes: z.strictObject({ namespaces: z.strictObject({ from: z.literal('Same') }) }),
      }),
    ]),
  }),
  HTTPRoute: withSpec({
    parentRefs: z.tuple([z.strictObject({ name })]),
    rules: z.array(
      z.strictObject({
        name: name.optional(),
        matches: z.array(
          z.strictObject({ path: z.strictObject({ type: name, value: name }), method: name.optional() }),
        ),
        filters: z.tuple([prefix, rewrite]),
        retry: z.strictObject({
          attempts: number(0, 3),
          codes: z.array(number(502, 504)).optional(),
          backoff: seconds(0.01, 5).optional(),
        }),
        timeouts: z.strictObject({ request: patience, backendRequest: patience.optional() }),
        backendRefs: z.tuple([z.strictObject({ name, port: z.int() })]),
      }),
    ),
  }),
};

const match = z.strictObject({
  uri: z.union([z.strictObject({ prefix: name }), z.strictObject({ exact: name })]),
  method: z.strictObject({ regex: name }).optional(),
});
const destination = z.strictObject({ host: name, subset: name, port: z.strictObject({ number: z.int() }) });

const classic = {
  'networking.istio.io/Gateway': withSpec({
    selector: z.strictObject({ istio: z.literal('ingressgateway') }),
    servers: z.tuple([
      z.strictObject({
        // where deploy.sh has the gateway's Service listen
        port: z.strictObject({ number: z.literal(8080), name: z.literal('http'), protocol: z.literal('HTTP') }),
        hosts: z.tuple([z.literal('*')]),
      }),
    ]),
  }),
  VirtualService: withSpec({
    hosts: z.tuple([z.literal('*')]),
    gateways: z.tuple([name]),
    http: z.array(
      z.strictObject({
        name,
        match: z.array(match).min(1),
        rewrite: z.strictObject({ uri: name }),
        headers: z.strictObject({
          request: z.strictObject({ set: z.strictObject({ 'X-Forwarded-Prefix': name }), remove: forged }),
        }),
        retries: z.strictObject({
          attempts: number(0, 3),
          perTryTimeout: patience.optional(),
          retryOn: name.optional(),
        }),
        timeout: patience,
        route: z.tuple([z.strictObject({ destination })]),
      }),
    ),
  }),
};

/** An instance may be left out, the last ones never. */
const outlier = z.strictObject({
  consecutiveGatewayErrors: number(3, 20),
  consecutive5xxErrors: z.literal(0),
  interval: seconds(1, 60),
  baseEjectionTime: seconds(10, 300),
  maxEjectionPercent: number(1, 50),
});

/** How it is spoken with is Istio's matter: a `tls` here would take mTLS away. */
const trafficPolicy = z.strictObject({
  connectionPool: z.strictObject({
    tcp: z.strictObject({ connectTimeout: seconds(0.5, 10) }),
    http: z.strictObject({ http2MaxRequests: number(100, 100_000), maxRetries: number(1, 100) }),
  }),
  outlierDetection: outlier,
});

const operation = z.union([
  z.strictObject({ paths: z.array(z.string().startsWith('/')).min(1), methods: z.array(name).optional() }),
  z.strictObject({ methods: z.tuple([z.literal('OPTIONS')]) }),
]);
const sources = z.union([
  z.strictObject({ principals: z.array(z.string().regex(/^\*\/sa\/[\w-]+$/)).length(2) }),
  z.strictObject({ namespaces: z.array(name).length(1) }),
  z.strictObject({ requestPrincipals: z.array(name).length(1) }),
]);
const rule = z.strictObject({
  from: z.tuple([z.strictObject({ source: sources })]).optional(),
  to: z.tuple([z.strictObject({ operation })]).optional(),
});
const gatewayOf = z.tuple([
  z.strictObject({ group: z.literal('gateway.networking.k8s.io'), kind: z.literal('Gateway'), name }),
]);
/** Who compares the copies may call guarded endpoints, and only Prometheus may call it. */
const forGateway = {
  action: z.literal('ALLOW'),
  rules: z.tuple([
    z.strictObject({
      from: z.tuple([
        z.strictObject({
          source: z.union([
            z.strictObject({ principals: z.tuple([z.enum(['*/sa/gateway', '*/sa/toolbox'])]) }),
            z.strictObject({ namespaces: z.tuple([z.literal('monitoring')]) }),
          ]),
        }),
      ]),
      to: z.tuple([z.strictObject({ operation })]),
    }),
  ]),
};
const allowed = { action: z.literal('ALLOW'), rules: z.array(rule).length(2) };

const security = {
  DestinationRule: withSpec({
    host: name,
    trafficPolicy,
    subsets: z.array(z.strictObject({ name, labels: z.record(name, name) })),
  }),
  PeerAuthentication: withSpec({ mtls: z.strictObject({ mode: z.literal('STRICT') }) }),
  AuthorizationPolicy: z.union([
    withSpec({ selector: named, ...allowed }),
    withSpec({ targetRefs: gatewayOf, ...allowed }),
    withSpec({ selector: named, ...forGateway }),
  ]),
  RequestAuthentication: withSpec({
    targetRefs: gatewayOf,
    jwtRules: z.tuple([
      z.strictObject({
        issuer: z.url({ protocol: /^https$/ }),
        jwksUri: z.url({ protocol: /^https$/ }),
        audiences: z.array(name).min(1),
        forwardOriginalToken: z.literal(false),
      }),
    ]),
  }),
  ServiceEntry: withSpec({
    hosts: z.array(z.string().regex(/^(\*\.)?[\w-]+(\.[\w-]+)+$/)).min(1),
    location: z.literal('MESH_EXTERNAL'),
    resolution: name,
    ports: z
      .array(z.strictObject({ number: z.int(), name, protocol: z.literal('TLS') }))
      .refine((list) => new Set(list.map((port) => port.name)).size === list.length, 'two have one name'),
  }),
  // the providers are those that Istio has by itself
  Telemetry: withSpec({
    tracing: z.tuple([z.strictObject({ randomSamplingPercentage: z.number().min(0).max(100) })]),
    accessLogging: z.tuple([
      z.strictObject({
        providers: z.tuple([z.strictObject({ name: z.literal('envoy') })]),
        filter: z.strictObject({ expression: z.literal('response.code >= 400 || !has(response.code)') }),
      }),
    ]),
    metrics: z.tuple([z.strictObject({ providers: z.tuple([z.strictObject({ name: z.literal('prometheus') })]) })]),
  }),
};

export const mesh = { ...gatewayApi, ...classic, ...security };
