import { z } from 'zod';

const ratio = { error: 'a share of traces from 0 to 1 is expected' };
const propagators = ['tracecontext', 'b3', 'b3multi'] as const;
const protocols = ['http/protobuf', 'http/json'] as const;
const protocolsExpected =
  'http/protobuf or http/json is expected (grpc is not offered: collectors take OTLP over HTTP too, usually on port 4318)';
const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/**
 * OpenTelemetry's own variables that we read (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/);
 * the exporter reads the other `OTEL_EXPORTER_OTLP_…` itself.
 */
export const traceEnvironment = {
  /** `otlp`, `console` or `none`; where it is not set: `otlp` if there is an endpoint, else `none`. */
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'console', 'none'], { error: 'otlp, console or none is expected' }).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ error: 'a URL is expected, such as http://127.0.0.1:4318' }).optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url({ error: 'a URL is expected' }).optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z.enum(protocols, { error: protocolsExpected }).optional(),
  /** Of traces only; it comes first. */
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: z.enum(protocols, { error: protocolsExpected }).optional(),
  OTEL_SDK_DISABLED: z.enum(['true', 'false'], { error: 'true or false is expected' }).optional(),
  /** `parentbased_always_on` unless said otherwise. */
  OTEL_TRACES_SAMPLER: z.enum(samplers, { error: `one of ${samplers.join(', ')} is expected` }).optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number(ratio).min(0, ratio).max(1, ratio).optional(),
  /** What is sent along: `tracecontext` unless said otherwise. W3C and B3 are both read, whatever this says. */
  OTEL_PROPAGATORS: z
    .string()
    .transform((names) => names.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(propagators, { error: `of ${propagators.join(', ')} are expected` })))
    .optional(),
  /** How long spans may wait before they are sent, 5 s. */
  OTEL_BSP_SCHEDULE_DELAY: z.coerce.number().pipe(z.int().min(1)).optional(),
};

export type TraceEnvironment = z.output<z.ZodObject<typeof traceEnvironment>>;

/** `http/protobuf` unless said otherwise, as OpenTelemetry recommends. */
export function protocolOf(environment: TraceEnvironment): (typeof protocols)[number] {
  const { OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: ofTraces, OTEL_EXPORTER_OTLP_PROTOCOL: ofAll } = environment;
  return ofTraces ?? ofAll ?? 'http/protobuf';
}

export function exporterOf(environment: TraceEnvironment): 'otlp' | 'console' | 'none' {
  if (environment.OTEL_SDK_DISABLED === 'true') return 'none';
  const hasEndpoint = environment.OTEL_EXPORTER_OTLP_ENDPOINT ?? environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  return environment.OTEL_TRACES_EXPORTER ?? (hasEndpoint === undefined ? 'none' : 'otlp');
}
