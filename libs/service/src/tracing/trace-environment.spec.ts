import { z } from 'zod';
import { EnvironmentFaults, readEnvironment } from '../environment';
import { exporterOf, protocolOf, traceEnvironment } from './trace-environment';

const read = (environment: Record<string, string>) => readEnvironment(z.object(traceEnvironment), environment);
const endpoint = 'http://127.0.0.1:4318';

describe('traces', () => {
  it.each([
    [{}, 'none'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, 'otlp'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${endpoint}/v1/traces` }, 'otlp'],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'otlp'],
    [{ OTEL_TRACES_EXPORTER: 'console' }, 'console'],
    [{ OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, 'none'],
    [{ OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, 'none'],
  ])('with %j go to %s', (environment, exporter) => {
    expect(exporterOf(read(environment))).toBe(exporter);
  });

  it.each([
    [{}, 'http/protobuf'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'http/json'],
    [
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf' },
      'http/protobuf',
    ],
  ])('with %j are sent as %s', (environment, protocol) => {
    expect(protocolOf(read(environment))).toBe(protocol);
  });

  it('may be sent along as B3 too', () => {
    expect(read({ OTEL_PROPAGATORS: 'tracecontext, b3' }).OTEL_PROPAGATORS).toEqual(['tracecontext', 'b3']);
  });

  it.each<Record<string, string>>([
    { OTEL_TRACES_EXPORTER: 'zipkin' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' },
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    { OTEL_PROPAGATORS: 'jaeger' },
    { OTEL_TRACES_SAMPLER: 'some' },
    { OTEL_TRACES_SAMPLER_ARG: '2' },
  ])('take no %j', (environment) => {
    expect(() => read(environment)).toThrow(EnvironmentFaults);
  });
});
