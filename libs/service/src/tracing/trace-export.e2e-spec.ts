import { trace } from '@opentelemetry/api';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { endTraces, exportTraces } from './trace-export';

const received: { readonly headers: IncomingHttpHeaders; readonly body: Buffer }[] = [];
let collector: Server;

beforeAll(async () => {
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    received.push({ headers: request.headers, body: await buffer(request) });
    response.setHeader('content-type', 'application/x-protobuf').end();
  };
  collector = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise((resolve) => collector.close(resolve)));

it('sends protobuf unless another protocol is asked for, with the attributes that SDKs send of themselves', async () => {
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = endpoint;
  process.env.OTEL_RESOURCE_ATTRIBUTES = 'service.name=renamed,deployment.environment.name=test';
  await exportTraces('accounts', { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
  trace.getTracer('test').startSpan('work').end();
  await endTraces();
  expect(received.map(({ headers }) => headers['content-type'])).toEqual(['application/x-protobuf']);
  const text = received[0]?.body.toString('latin1') ?? '';
  for (const name of ['telemetry.sdk.name', 'telemetry.sdk.version', 'service.instance.id', 'service.version'])
    expect(text).toContain(name);
  for (const value of ['renamed', 'deployment.environment.name', 'work']) expect(text).toContain(value);
});
