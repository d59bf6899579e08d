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

/** The Secret that cert-manager, deploy.sh or a person makes. */
const certificate = z.literal('edge-tls');
const listener = {
  allowedRoutes: z.strictObject({ namespaces: z.strictObject({ from: z.literal('Same') }) }),
  hostname: name.optional(),
};
const parent = z.tuple([z.strictObject({ name, sectionName: z.literal('https').optional() })]);
const http = z.strictObject({ name: z.literal('http'), port: z.literal(80), protocol: z.literal('HTTP'), ...listener });
const https = z.strictObject({
  name: z.literal('https'),
  port: z.literal(443),
  protocol: z.literal('HTTPS'),
  tls: z.strictObject({
    mode: z.literal('Terminate'),
    certificateRefs: z.tuple([z.strictObject({ name: certificate })]),
  }),
  ...listener,
});
/** What is said without TLS is said once more with it, and nowhere else. */
const redirect = {
  parentRefs: z.tuple([z.strictObject({ name, sectionName: z.literal('http') })]),
  rules: z.tuple([
    z.strictObject({
      filters: z.tuple([
        z.strictObject({
          type: z.literal('RequestRedirect'),
          requestRedirect: z.strictObject({ scheme: z.literal('https'), statusCode: z.literal(308) }),
        }),
      ]),
    }),
  ]),
};

const gatewayApi = {
  'gateway.networking.k8s.io/Gateway': withSpec({
    gatewayClassName: z.literal('istio'),
    listeners: z.union([z.tuple([http]), z.tuple([http, https])]),
  }),
  HTTPRoute: z.union([
    withSpec(redirect),
    withSpec({
      parentRefs: parent,
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
  ]),
  Certificate: withSpec({
    secretName: certificate,
    dnsNames: z.tuple([z.hostname()]),
    issuerRef: z.strictObject({ group: z.literal('cert-manager.io'), kind: z.literal('ClusterIssuer'), name }),
    privateKey: z.strictObject({
      algorithm: z.literal('ECDSA'),
      size: z.literal(256),
      rotationPolicy: z.literal('Always'),
    }),
  }),
};

const match = z.strictObject({
  uri: z.union([z.strictObject({ prefix: name }), z.strictObject({ exact: name })]),
  method: z.strictObject({ regex: name }).optional(),
});
const destination = z.strictObject({ host: name, port: z.strictObject({ number: z.int() }) });

const anyHost = z.tuple([z.literal('*')]);

const classic = {
  'networking.istio.io/Gateway': withSpec({
    selector: z.strictObject({ istio: z.literal('ingressgateway') }),
    servers: z.tuple([
      z.strictObject({
        port: z.strictObject({ number: z.literal(80), name: z.literal('http'), protocol: z.literal('HTTP') }),
        hosts: anyHost,
      }),
      z.strictObject({
        port: z.strictObject({ number: z.literal(443), name: z.literal('https'), protocol: z.literal('HTTPS') }),
        hosts: anyHost,
        tls: z.strictObject({
          mode: z.literal('SIMPLE'),
          credentialName: certificate,
          minProtocolVersion: z.enum(['TLSV1_2', 'TLSV1_3']),
        }),
      }),
    ]),
  }),
  VirtualService: withSpec({
    hosts: anyHost,
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
  z.strictObject({ ports: z.tuple([z.literal('80')]) }),
]);
/** An account and its namespace: by the name of the account alone anybody could come who makes one. */
const principal = z.string().regex(/^cluster\.local\/ns\/[\w-]+\/sa\/[\w-]+$/, 'an account of a namespace is expected');
const sources = z.union([
  z.strictObject({ principals: z.tuple([principal]) }),
  z.strictObject({ requestPrincipals: z.array(name).length(1) }),
]);
const rule = z.strictObject({
  from: z.tuple([z.strictObject({ source: sources })]).optional(),
  to: z.array(z.strictObject({ operation })).min(1).max(2).optional(),
});
const gatewayOf = z.tuple([
  z.strictObject({ group: z.literal('gateway.networking.k8s.io'), kind: z.literal('Gateway'), name }),
]);
/** The gateway and the commands may call guarded endpoints. */
const forInsiders = {
  action: z.literal('ALLOW'),
  rules: z.tuple([
    z.strictObject({
      from: z.tuple([z.strictObject({ source: z.strictObject({ principals: z.tuple([principal]) }) })]),
      to: z.tuple([z.strictObject({ operation })]),
    }),
  ]),
};
const allowed = (rules: number) => ({ action: z.literal('ALLOW'), rules: z.array(rule).length(rules) });

const security = {
  // no subsets: a route that names one fails while its pods start
  DestinationRule: withSpec({ host: name, trafficPolicy }),
  PeerAuthentication: withSpec({ mtls: z.strictObject({ mode: z.literal('STRICT') }) }),
  AuthorizationPolicy: z.union([
    withSpec({ selector: named, ...allowed(1) }),
    withSpec({ targetRefs: gatewayOf, ...allowed(3) }),
    withSpec({ selector: named, ...forInsiders }),
    // nobody is let in
    withSpec({
      selector: z.strictObject({ matchLabels: z.strictObject({ app: z.literal('gateway') }) }),
      action: z.literal('ALLOW'),
    }),
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
  // logs and metrics go to the providers that Istio has by itself
  Telemetry: withSpec({
    tracing: z
      .tuple([
        z.strictObject({
          providers: z.tuple([z.strictObject({ name })]),
          randomSamplingPercentage: z.number().min(0).max(100),
        }),
      ])
      .optional(),
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
