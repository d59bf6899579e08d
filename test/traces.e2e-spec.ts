import { randomBytes } from 'node:crypto';
import { eventually } from './eventually';
import type { Answer } from './http-client';
import { type ExportedSpan, OtlpReceiver } from './otlp-receiver';
import { customerBody, orderBody } from './system/bodies';
import { Storefront } from './system/storefront';

const collector = new OtlpReceiver();
let storefront: Storefront;

beforeAll(async () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: await collector.start(),
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  };
  const services = { accounts: { env }, orders: { env }, fulfillment: { env }, gateway: { env } };
  storefront = await Storefront.start({ services });
});

afterAll(async () => {
  await storefront?.stop();
  await collector.stop();
});

const caller = () => ({ traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') });

/** Lanes and positions are looked for only where there may be some, and for a while after a start nobody knows (docs/adr/0013). */
const isAlways = ({ name }: ExportedSpan) => !/ parked\.(events|positions)$/.test(name);

/** One line a span, each under its parent: `service kind name`. */
function treeOf(spans: readonly ExportedSpan[], parent: string, indent = ''): string[] {
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parent)
    .map(({ spanId, service, kind, name }) => [
      `${indent}${service} ${kind} ${name}`,
      ...treeOf(spans, spanId, `${indent}  `),
    ])
    .toSorted()
    .flat();
}

/** Waits for as many spans as there are lines: every service exports its own, a little later. */
async function expectTree(from: { traceId: string; spanId: string }, expected: string[]): Promise<void> {
  const tree = () => treeOf(collector.of(from.traceId).filter(isAlways), from.spanId);
  expect(await eventually(tree, (lines) => lines.length >= expected.length)).toEqual(expected);
}

describe('one trace', () => {
  let customerId: string;
  let guid: string;

  it('leads from a request through outbox and Kafka to the replica of Orders', async () => {
    const from = caller();
    const headers = { traceparent: `00-${from.traceId}-${from.spanId}-01` };
    const answer = await storefront.request('POST', '/accounts/customers', customerBody('traced'), headers);
    customerId = idIn(answer);
    await expectTree(from, [
      'gateway SERVER POST /accounts/*',
      '  gateway CLIENT POST',
      '    accounts SERVER POST /customers',
      '      accounts CLIENT insert customer.accounts',
      '      accounts PRODUCER send accounts.customer.change',
      '      orders CONSUMER process accounts.customer.change',
      '        orders CLIENT update customers',
    ]);
  });

  it('leads from Orders to Fulfillment, for a caller that speaks B3', async () => {
    await storefront.settled();
    const order = await storefront.request('POST', `/orders/customers/${customerId}/orders`, orderBody);
    guid = idIn(order);
    await storefront.request('POST', `/orders/orders/${guid}/approve`);
    const from = caller();
    const headers = { b3: `${from.traceId}-${from.spanId}-1` };
    await storefront.request('POST', `/orders/orders/${guid}/fulfill`, undefined, headers);
    await expectTree(from, [
      'gateway SERVER POST /orders/*',
      '  gateway CLIENT POST',
      '    orders SERVER POST /orders/{guid}/fulfill',
      '      fulfillment CONSUMER process orders.order.fulfill',
      '        fulfillment CLIENT insert fulfillment.requests',
      '      orders CLIENT find customers',
      '      orders CLIENT find orders',
      '      orders CLIENT find orders',
      '      orders CLIENT update orders',
      '      orders PRODUCER send orders.order.fulfill',
    ]);
  });

  it('leads back from Fulfillment to the order', async () => {
    await storefront.settled();
    const from = caller();
    const headers = { 'x-b3-traceid': from.traceId, 'x-b3-spanid': from.spanId, 'x-b3-sampled': '1' };
    await storefront.request('POST', `/fulfillment/fulfillments/${guid}/process`, undefined, headers);
    await expectTree(from, [
      'gateway SERVER POST /fulfillment/*',
      '  gateway CLIENT POST',
      '    fulfillment SERVER POST /fulfillments/{id}/process',
      '      fulfillment CLIENT find fulfillment.requests',
      '      fulfillment CLIENT update fulfillment.requests',
      '      fulfillment PRODUCER send fulfillment.order.change',
      '      orders CONSUMER process fulfillment.order.change',
      '        orders CLIENT find orders',
      '        orders CLIENT update orders',
    ]);
    const process = collector.of(from.traceId).find(({ kind }) => kind === 'CONSUMER');
    expect(process?.attributes).toMatchObject({
      'messaging.system': 'kafka',
      'messaging.consumer.group.name': 'orders',
      'messaging.destination.name': 'fulfillment.order.change',
      'messaging.kafka.message.key': guid,
    });
  });

  it('says in every span what the semantic conventions demand', async () => {
    const from = caller();
    const headers = { traceparent: `00-${from.traceId}-${from.spanId}-01`, 'user-agent': 'a test' };
    await storefront.request(
      'GET',
      `/orders/orders/${guid}?card=4111111111111111&access_token=hunter2`,
      undefined,
      headers,
    );
    const spans = await eventually(
      () => collector.of(from.traceId),
      (found) => found.length >= 4,
    );
    const of = (service: string, kind: string) => spans.find((span) => span.service === service && span.kind === kind);
    const [gateway, orders] = [storefront.url('gateway'), storefront.url('orders')].map((url) => new URL(url));
    const query = 'card=****-****-****-1111&access_token=****';
    expect(of('gateway', 'SERVER')?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/orders/*',
      'http.response.status_code': 200,
      'url.scheme': 'http',
      'url.path': `/orders/orders/${guid}`,
      'url.query': query,
      'server.address': gateway?.hostname,
      'server.port': Number(gateway?.port),
      'client.address': '127.0.0.1',
      'user_agent.original': 'a test',
      'network.protocol.version': '1.1',
    });
    expect(of('gateway', 'CLIENT')?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'url.full': `${orders?.origin}/orders/${guid}?${query}`,
      'server.address': orders?.hostname,
      'server.port': Number(orders?.port),
      'service.peer.name': 'orders',
    });
    expect(of('orders', 'CLIENT')?.attributes).toEqual({
      'db.system.name': 'mongodb',
      'db.namespace': expect.any(String),
      'db.operation.name': 'find',
      'db.collection.name': 'orders',
      'server.address': expect.any(String),
      'server.port': expect.any(Number),
    });
  });

  it('is not recorded where its caller records nothing', async () => {
    const [silent, recorded] = [caller(), caller()];
    const read = (traceparent: string) =>
      storefront.request('GET', `/orders/orders/${guid}`, undefined, { traceparent });
    await read(`00-${silent.traceId}-${silent.spanId}-00`);
    await read(`00-${recorded.traceId}-${recorded.spanId}-01`);
    await expectTree(recorded, [
      'gateway SERVER GET /orders/*',
      '  gateway CLIENT GET',
      '    orders SERVER GET /orders/{guid}',
      // whether the customer, to whom the order links, is still there
      '      orders CLIENT find customers',
      '      orders CLIENT find orders',
    ]);
    expect(collector.of(silent.traceId)).toEqual([]);
  });
});

describe('what is sent together', () => {
  it('has a span with a link to every event', async () => {
    const { traceId, spanId } = caller();
    const headers = { traceparent: `00-${traceId}-${spanId}-01` };
    await storefront.request('POST', '/accounts/customers/sample', undefined, headers);
    const linked = () => collector.spans.filter(({ links }) => links.some((link) => link.traceId === traceId));
    const isSent = ({ name }: ExportedSpan) => name === 'send accounts.customer.change';
    const send = (await eventually(linked, (spans) => spans.some(isSent))).find(isSent);
    const isServer = ({ service, kind }: ExportedSpan) => service === 'accounts' && kind === 'SERVER';
    const server = (
      await eventually(
        () => collector.of(traceId),
        (spans) => spans.some(isServer),
      )
    ).find(isServer);
    expect(send?.traceId).not.toBe(traceId);
    expect(send?.attributes['messaging.batch.message_count']).toBe(3);
    expect(send?.links.map((link) => link.spanId)).toEqual(Array.from({ length: 3 }, () => server?.spanId));
  });
});

function idIn({ headers }: Answer): string {
  return headers.get('location')?.split('/').at(-1) ?? '';
}
