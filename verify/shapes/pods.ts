import { z } from 'zod';
import { named, number, podLabels, withSpec } from './objects';

const keyOf = { name: z.string(), key: z.string() };
const source = z.union([
  z.strictObject({ secretKeyRef: z.strictObject({ ...keyOf, optional: z.literal(true).optional() }) }),
  z.strictObject({ configMapKeyRef: z.strictObject(keyOf) }),
]);
const variable = z.union([
  z.strictObject({ name: z.string(), value: z.string() }),
  z.strictObject({ name: z.string(), valueFrom: source }),
]);
const variables = z
  .array(variable)
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'one of them is there twice');

const port = z.union([z.string(), z.int()]);
const onlyOne = (...given: readonly unknown[]) => given.filter((each) => each !== undefined).length === 1;

/** Asked often enough to be of use, and not so sharply that a pause of the process is its end. */
const plainProbe = z.strictObject({
  httpGet: z.strictObject({ path: z.string(), port }).optional(),
  tcpSocket: z.strictObject({ port }).optional(),
  exec: z.strictObject({ command: z.array(z.string()) }).optional(),
  initialDelaySeconds: number(0, 60).optional(),
  periodSeconds: number(2, 30).optional(),
  timeoutSeconds: number(2, 30).optional(),
  failureThreshold: number(3, 60).optional(),
});
const probe = plainProbe.refine(
  ({ httpGet, tcpSocket, exec }) => onlyOne(httpGet, tcpSocket, exec),
  'one way to ask is expected',
);
/** Kubernetes asks every 10 s where nothing is said. */
const startup = probe.refine(
  ({ periodSeconds = 10, failureThreshold = 3 }) => periodSeconds * failureThreshold >= 60,
  'a start may take a minute',
);

const memory = z.string().regex(/^\d+[MG]i$/, 'Mi or Gi are expected');
const cpu = z.string().regex(/^(\d{2,3}m|\d)$/, '10m to 9 are expected');
const quantities = z.strictObject({ cpu, memory });

export const container = {
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  ports: z.array(z.strictObject({ name: z.string(), containerPort: z.int() })).optional(),
  env: variables.optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  resources: z.strictObject({ requests: quantities, limits: quantities }),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true).optional(),
    capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  volumeMounts: z
    .array(z.strictObject({ name: z.string(), mountPath: z.string(), readOnly: z.literal(true).optional() }))
    .optional(),
};

const items = z.array(z.strictObject({ key: z.string(), path: z.string() })).optional();
const volume = z
  .strictObject({
    name: z.string(),
    emptyDir: z.strictObject({ sizeLimit: memory.optional(), medium: z.literal('Memory').optional() }).optional(),
    configMap: z.strictObject({ name: z.string(), items }).optional(),
    secret: z.strictObject({ secretName: z.string(), items }).optional(),
  })
  .refine(({ emptyDir, configMap, secret }) => onlyOne(emptyDir, configMap, secret), 'one source is expected');

export const podSpec = {
  automountServiceAccountToken: z.literal(false),
  enableServiceLinks: z.literal(false),
  terminationGracePeriodSeconds: number(10, 120).optional(),
  securityContext: z.strictObject({
    runAsNonRoot: z.literal(true),
    runAsUser: number(1, 65_535),
    runAsGroup: number(1, 65_535).optional(),
    fsGroup: number(1, 65_535).optional(),
    seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
  }),
  initContainers: z.array(z.strictObject(container)).optional(),
  containers: z.tuple([z.strictObject(container)]),
  volumes: z.array(volume).optional(),
};

const template = (spec: z.core.$ZodShape, annotations: z.core.$ZodShape = {}) =>
  z.strictObject({
    metadata: z.strictObject({ labels: podLabels, annotations: z.strictObject(annotations).optional() }),
    spec: z.strictObject(spec),
  });

const reference = (kind: 'configMapRef') => z.strictObject({ [kind]: z.strictObject({ name: z.string() }) });
const spread = (topologyKey: string) =>
  z.strictObject({
    maxSkew: z.literal(1),
    topologyKey: z.literal(topologyKey),
    whenUnsatisfiable: z.literal('ScheduleAnyway'),
    labelSelector: named,
  });

/** A place for temporary files, and Secrets as files, so that a new one is taken while the pod runs. */
const serviceMounts = z.array(
  z.union([
    z.strictObject({ name: z.literal('tmp'), mountPath: z.literal('/tmp') }),
    z.strictObject({ name: z.string(), mountPath: z.string().startsWith('/secrets/'), readOnly: z.literal(true) }),
  ]),
);
const serviceVolumes = z.array(
  z.union([
    z.strictObject({ name: z.literal('tmp'), emptyDir: z.strictObject({ sizeLimit: memory }) }),
    z.strictObject({ name: z.string(), secret: z.strictObject({ secretName: z.string(), items }) }),
  ]),
);

/** A container of a service: its image says what runs in it. */
const serviceContainer = z.strictObject({
  ...container,
  command: z.undefined().optional(),
  args: z.undefined().optional(),
  envFrom: z.array(reference('configMapRef')),
  startupProbe: startup,
  lifecycle: z.strictObject({
    preStop: z.strictObject({ sleep: z.strictObject({ seconds: number(1, 15) }) }),
  }),
  volumeMounts: serviceMounts,
});

/** How many there are is for the autoscaler to say. */
const annotations = {
  'prometheus.io/scrape': z.string(),
  'prometheus.io/path': z.string(),
  'prometheus.io/port': z.string(),
  'kubectl.kubernetes.io/default-container': z.string(),
};
const strategy = z.strictObject({
  rollingUpdate: z.strictObject({ maxUnavailable: z.literal(0), maxSurge: z.literal(1) }),
});
const servicePod = {
  ...podSpec,
  serviceAccountName: z.string(),
  containers: z.tuple([serviceContainer]),
  volumes: serviceVolumes,
};

const spreadTemplate = template(
  {
    ...servicePod,
    topologySpreadConstraints: z.tuple([spread('topology.kubernetes.io/zone'), spread('kubernetes.io/hostname')]),
  },
  annotations,
);

export const serviceDeployment = withSpec({
  selector: named,
  strategy,
  template: spreadTemplate,
});

/** As a service, but no load asks for more of them. */
export const gatewayDeployment = withSpec({
  replicas: number(1, 2),
  selector: named,
  strategy,
  template: spreadTemplate,
});

const commandPod = (command: string) => ({
  ...podSpec,
  serviceAccountName: z.literal('toolbox'),
  containers: z.tuple([
    z.strictObject({
      ...container,
      command: z.undefined().optional(),
      args: z.tuple([z.literal(command)]),
      envFrom: z.array(reference('configMapRef')),
      volumeMounts: serviceMounts,
    }),
  ]),
  volumes: serviceVolumes,
});

export const toolboxDeployment = withSpec({
  replicas: z.literal(1),
  selector: named,
  template: template(commandPod('wait'), { 'kubectl.kubernetes.io/default-container': z.string() }),
});

const claim = z.strictObject({
  metadata: z.strictObject({ name: z.string() }),
  spec: z.strictObject({
    accessModes: z.tuple([z.literal('ReadWriteOnce')]),
    resources: z.strictObject({ requests: z.strictObject({ storage: memory }) }),
  }),
});

export const workloads = {
  Deployment: withSpec({ selector: named, template: template(podSpec) }),
  StatefulSet: withSpec({
    serviceName: z.string(),
    replicas: z.literal(1),
    selector: named,
    template: template(podSpec),
    volumeClaimTemplates: z.tuple([claim]),
  }),
  CronJob: withSpec({
    schedule: z.string().regex(/^\d+ \d+ \* \* \*$/, 'once a day is expected'),
    concurrencyPolicy: z.literal('Forbid'),
    startingDeadlineSeconds: number(600, 7_200),
    successfulJobsHistoryLimit: number(1, 10),
    failedJobsHistoryLimit: number(1, 10),
    jobTemplate: z.strictObject({
      metadata: z.strictObject({ labels: podLabels }).optional(),
      spec: z.strictObject({
        backoffLimit: number(0, 3),
        activeDeadlineSeconds: number(600, 43_200),
        // a proxy that does not end with the job would keep it
        template: template(
          { ...commandPod('reconcile'), restartPolicy: z.literal('Never') },
          { 'sidecar.istio.io/nativeSidecar': z.literal('true') },
        ),
      }),
    }),
  }),
  // without an end of it a second deployment would change a finished job, which the API server refuses
  Job: withSpec({
    backoffLimit: number(5, 50),
    ttlSecondsAfterFinished: number(1, 600),
    template: template({ ...podSpec, restartPolicy: z.literal('OnFailure') }),
  }),
};
