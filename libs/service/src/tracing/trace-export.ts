import { diag, DiagLogLevel, trace } from '@opentelemetry/api';
import { Logger } from '@nestjs/common';
import { build } from '../build-info';
import { exporterOf, protocolOf, type TraceEnvironment } from './trace-environment';

/** A batch of events has a link to each of them. */
const maxLinks = 500;
const endDeadlineMs = 2_000;

const loadSdk = () => import('@opentelemetry/sdk-trace');
type Sdk = Awaited<ReturnType<typeof loadSdk>>;

let exporting: InstanceType<Sdk['TracerProvider']> | undefined;

/** Whether spans are recorded in this process. */
export const isTracing = (): boolean => exporting !== undefined;

/**
 * Records spans and sends them to the collector that the environment names. Without one nothing of the SDK is loaded, and
 * every span of ours costs next to nothing. A collector that is away is told in the log and hinders nobody. Once a process.
 */
export async function exportTraces(serviceName: string, environment: TraceEnvironment): Promise<void> {
  const kind = exporterOf(environment);
  if (kind === 'none' || exporting) return;
  const sdk = await loadSdk();
  const resources = await import('@opentelemetry/resources');
  const logger = new Logger('Traces');
  const warn = (message: string) => logger.warn(message);
  diag.setLogger({ error: warn, warn, info: warn, debug: warn, verbose: warn }, DiagLogLevel.WARN);
  const exporter = kind === 'console' ? new sdk.ConsoleSpanExporter() : await otlpExporter(environment);
  const scheduledDelayMillis = environment.OTEL_BSP_SCHEDULE_DELAY;
  const own = { 'service.name': serviceName, 'service.version': build.version };
  const detectors = [resources.serviceInstanceIdDetector, resources.envDetector];
  const provider = new sdk.TracerProvider({
    // what OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say comes first
    resource: resources
      .defaultResource()
      .merge(resources.resourceFromAttributes(own))
      .merge(resources.detectResources({ detectors })),
    sampler: samplerOf(sdk, environment),
    spanLimits: { linkCountLimit: maxLinks },
    spanProcessors: [
      new sdk.BatchSpanProcessor({ exporter, ...(scheduledDelayMillis !== undefined && { scheduledDelayMillis }) }),
    ],
  });
  trace.setGlobalTracerProvider(provider);
  exporting = provider;
}

async function otlpExporter(environment: TraceEnvironment) {
  const { OTLPTraceExporter } =
    protocolOf(environment) === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
}

/** Sends what was recorded, for at most 2 s. */
export async function endTraces(): Promise<void> {
  const ending = exporting?.shutdown().catch((error: unknown) => new Logger('Traces').warn(error));
  const deadline = new Promise<void>((resolve) => setTimeout(resolve, endDeadlineMs).unref());
  await Promise.race([ending, deadline]);
}

function samplerOf(sdk: Sdk, environment: TraceEnvironment) {
  const { OTEL_TRACES_SAMPLER: name = 'parentbased_always_on', OTEL_TRACES_SAMPLER_ARG: ratio = 1 } = environment;
  const roots = {
    always_on: () => new sdk.AlwaysOnSampler(),
    always_off: () => new sdk.AlwaysOffSampler(),
    traceidratio: () => new sdk.TraceIdRatioBasedSampler(ratio),
  };
  const root = roots[name.replace('parentbased_', '') as keyof typeof roots]();
  return name.startsWith('parentbased_') ? new sdk.ParentBasedSampler({ root }) : root;
}
