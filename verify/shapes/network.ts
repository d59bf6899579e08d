import { z } from 'zod';
import { all, named, number, oneOf, seconds, withSpec } from './objects';

const port = z.strictObject({
  name: z.string(),
  port: z.int(),
  targetPort: z.union([z.string(), z.int()]).optional(),
  appProtocol: z.enum(['http', 'tcp']),
});

const policyPort = z.strictObject({
  port: z.int(),
  endPort: z.int().optional(),
  protocol: z.enum(['TCP', 'UDP']).optional(),
});
const privateNetworks = z
  .array(z.string())
  .refine((list) => list.join() === '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16', 'all private networks');
const peer = z.union([
  z.strictObject({ podSelector: z.union([named, oneOf, all]) }),
  z.strictObject({ namespaceSelector: named }),
  z.strictObject({ namespaceSelector: named, podSelector: z.union([named, oneOf]) }),
  // all the world is never needed: our own networks are left out
  z.strictObject({
    ipBlock: z.union([
      z.strictObject({
        cidr: z.string().regex(/^[\d.]+\/([8-9]|[12]\d|3[0-2])$/, "a network of one's own is expected"),
      }),
      z.strictObject({ cidr: z.literal('0.0.0.0/0'), except: privateNetworks }),
    ]),
  }),
]);
const ports = z.array(policyPort).min(1);
const peers = z.array(peer).min(1).optional();

/** Services, who may speak with whom, and how many there are. */
export const network = {
  Service: withSpec({
    selector: z.record(z.string(), z.string()),
    ports: z.array(port).min(1),
  }),
  // only this one has members that each have a name
  StatefulService: withSpec({
    clusterIP: z.literal('None'),
    publishNotReadyAddresses: z.literal(true),
    selector: z.record(z.string(), z.string()),
    ports: z.array(port).min(1),
  }),
  NetworkPolicy: withSpec({
    podSelector: z.union([named, oneOf, all]),
    policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
    ingress: z.array(z.strictObject({ from: peers, ports })).optional(),
    // without `to` it would be to anywhere
    egress: z.array(z.strictObject({ to: peers.unwrap(), ports })).optional(),
  }),
  PodDisruptionBudget: withSpec({ maxUnavailable: z.literal(1), selector: named }),
};

const target = { name: z.string() };
const cpuTarget = z.strictObject({ type: z.literal('Utilization'), averageUtilization: number(20, 95) });
const replicas = number(1, 20);

const kafkaTrigger = z.strictObject({
  type: z.literal('kafka'),
  authenticationRef: z.strictObject(target),
  metadata: z.strictObject({
    bootstrapServersFromEnv: z.string(),
    consumerGroup: z.string(),
    topic: z.string(),
    lagThreshold: z.string().regex(/^[1-9]\d*$/, 'a number of records is expected'),
    offsetResetPolicy: z.literal('earliest'),
    sasl: z.string(),
    tls: z.enum(['enable', 'disable']),
  }),
});
const cpuTrigger = z.strictObject({
  type: z.literal('cpu'),
  metricType: z.literal('Utilization'),
  metadata: z.strictObject({ value: z.string().regex(/^[2-9]\d$/, '20 to 99 are expected') }),
});

export const scaling = {
  HorizontalPodAutoscaler: withSpec({
    scaleTargetRef: z.strictObject({
      apiVersion: z.literal('apps/v1'),
      kind: z.literal('Deployment'),
      ...target,
    }),
    minReplicas: replicas,
    maxReplicas: replicas,
    metrics: z.tuple([
      z.strictObject({
        type: z.literal('Resource'),
        resource: z.strictObject({ name: z.literal('cpu'), target: cpuTarget }),
      }),
    ]),
  }),
  ScaledObject: withSpec({
    scaleTargetRef: z.strictObject(target),
    minReplicaCount: replicas,
    maxReplicaCount: replicas,
    cooldownPeriod: number(60, 3_600),
    triggers: z.array(z.union([kafkaTrigger, cpuTrigger])).min(1),
  }),
  TriggerAuthentication: withSpec({
    env: z.tuple([z.strictObject({ parameter: z.literal('username'), name: z.string(), containerName: z.string() })]),
    secretTargetRef: z.tuple([z.strictObject({ parameter: z.literal('password'), name: z.string(), key: z.string() })]),
  }),
};

const relabeling = z.strictObject({
  sourceLabels: z.array(z.string()),
  targetLabel: z.string(),
  regex: z.string().optional(),
  replacement: z.string().optional(),
});

/** Prometheus' operator and External Secrets. */
export const watching = {
  PodMonitor: withSpec({
    selector: named,
    jobLabel: z.string(),
    podMetricsEndpoints: z.tuple([
      z.strictObject({
        port: z.string(),
        path: z.string(),
        interval: seconds(5, 60),
        relabelings: z.array(relabeling).optional(),
      }),
    ]),
  }),
  ScrapeConfig: withSpec({
    jobName: z.string(),
    metricsPath: z.literal('/metrics'),
    scrapeInterval: seconds(5, 60),
    dnsSDConfigs: z.tuple([z.strictObject({ names: z.tuple([z.string()]), type: z.literal('SRV') })]),
    metricRelabelings: z.tuple([
      z.strictObject({ action: z.literal('keep'), sourceLabels: z.tuple([z.literal('__name__')]), regex: z.string() }),
    ]),
  }),
  PrometheusRule: withSpec({ groups: z.array(z.looseObject({ name: z.string() })) }),
};

export const secrets = {
  SecretStore: withSpec({
    provider: z.strictObject({
      aws: z.strictObject({ service: z.enum(['SecretsManager', 'ParameterStore']), region: z.string() }),
    }),
  }),
  ExternalSecret: withSpec({
    refreshInterval: seconds(60, 86_400),
    secretStoreRef: z.strictObject({ kind: z.literal('SecretStore'), name: z.string() }),
    target: z.strictObject({ name: z.string() }),
    data: z.tuple([
      z.strictObject({
        secretKey: z.string(),
        remoteRef: z.strictObject({ key: z.string(), property: z.string().optional() }),
      }),
    ]),
  }),
};
