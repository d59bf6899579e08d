import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import Fastify, { type FastifyInstance } from 'fastify';
import { traceRequests } from './request-spans';
import { propagateTraces } from './trace-propagation';

const caller = { trace: '4bf92f3577b34da6a3ce929d0e0e4736', span: '00f067aa0ba902b7' };
let server: FastifyInstance;
let url: string;

beforeAll(async () => {
  propagateTraces();
  server = Fastify();
  traceRequests(server);
  const active = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return trace.getSpanContext(context.active());
  };
  server.get('/', active);
  server.post('/', active);
  url = await server.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(() => server.close());

async function contextOf(method: 'GET' | 'POST', headers: Record<string, string> = {}): Promise<unknown> {
  const body =
    method === 'POST' ? { body: '{}', headers: { 'content-type': 'application/json', ...headers } } : { headers };
  return (await fetch(url, { method, ...body })).json();
}

describe.each(['GET', 'POST'] as const)('a %s', (method) => {
  it('runs in a new trace of its own', async () => {
    const [first, second] = [await contextOf(method), await contextOf(method)];
    const fresh = {
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      // nobody records it
      traceFlags: 0,
    };
    expect([first, second]).toEqual([fresh, fresh]);
    expect(first).not.toEqual(second);
  });

  it("runs in its caller's trace, as another span", async () => {
    const traceparent = `00-${caller.trace}-${caller.span}-00`;
    const joined = await contextOf(method, { traceparent });
    expect(joined).toMatchObject({ traceId: caller.trace, traceFlags: 0 });
    expect(joined).not.toMatchObject({ spanId: caller.span });
  });

  it.each(['nonsense', `00-${'0'.repeat(32)}-${caller.span}-01`])('is not misled by %s', async (traceparent) => {
    expect(await contextOf(method, { traceparent })).toMatchObject({
      traceId: expect.stringMatching(/^(?!0{32})[0-9a-f]{32}$/),
    });
  });
});

describe('a caller that speaks B3', () => {
  it.each([
    [{ b3: `${caller.trace}-${caller.span}-1` }],
    [{ 'x-b3-traceid': caller.trace, 'x-b3-spanid': caller.span, 'x-b3-sampled': '1' }],
    [{ b3: `${'1'.repeat(16)}-${caller.span}-1`, traceparent: `00-${caller.trace}-${caller.span}-01` }],
  ])('is understood: %j', async (headers) => {
    expect(await contextOf('GET', headers as Record<string, string>)).toMatchObject({
      traceId: caller.trace,
      traceFlags: 1,
    });
  });

  it('may have a trace id of 64 bits', async () => {
    const joined = await contextOf('GET', { b3: `a05666fab5507f25-${caller.span}-1` });
    expect(joined).toMatchObject({ traceId: '0000000000000000a05666fab5507f25' });
  });
});

describe('what is sent along', () => {
  const carried = (environment: Parameters<typeof propagateTraces>[0]) => {
    propagateTraces(environment);
    const headers = {};
    const span = { traceId: caller.trace, spanId: caller.span, traceFlags: 1 };
    propagation.inject(trace.setSpanContext(ROOT_CONTEXT, span), headers);
    return headers;
  };
  const traceparent = `00-${caller.trace}-${caller.span}-01`;
  const b3 = `${caller.trace}-${caller.span}-1`;

  it.each([
    [undefined, { traceparent }],
    [['tracecontext', 'b3'] as const, { traceparent, b3 }],
    [['b3multi'] as const, { 'x-b3-traceid': caller.trace, 'x-b3-spanid': caller.span, 'x-b3-sampled': '1' }],
  ])('by %j is %j', (sent, headers) => {
    expect(carried({ ...(sent && { OTEL_PROPAGATORS: [...sent] }) })).toEqual(headers);
  });
});
