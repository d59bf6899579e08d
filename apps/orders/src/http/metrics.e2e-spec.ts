import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { customerChanges } from '@storefront/contracts';
import { eventually } from '../../../../test/eventually';
import { aCustomer } from '../../test/an-order';
import { changeOf, Neighbours } from '../../test/neighbours';
import { type RunningOrders, startOrders } from '../../test/running-orders';
import { Shop } from '../../test/shop';

const root = join(__dirname, '../../../..');
let orders: RunningOrders;
let accounts: Neighbours;
let text: string;

/** What comes a little later than what it tells of. */
const there = [/^outbox_delay_seconds_count [1-9]/m, /^orders_by_status\{/m, /^jvm_gc_pause_seconds_count\{/m];

async function scrape(): Promise<string> {
  return (await orders.request('GET', '/actuator/prometheus')).text;
}

beforeAll(async () => {
  accounts = await Neighbours.open();
  orders = await startOrders({}, { consumes: true });
  const shop = new Shop(orders);
  const id = randomUUID();
  await accounts.send(customerChanges.name, changeOf(aCustomer({ id }), 1));
  await eventually(
    () => orders.request('GET', `/customers/${id}/orders`),
    ({ status }) => status === 200,
  );
  await shop.placed(['approve', 'fulfill'], id);
  await orders.request('GET', '/orders/nothing');
  text = await eventually(scrape, (seen) => there.every((sample) => sample.test(seen)));
});

afterAll(async () => {
  await orders?.stop();
  await accounts?.close();
});

/** `name{labels}` of every sample, as the recording writes it. */
function samples(): Set<string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const names = lines.map((line) => {
    const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})?/.exec(line) ?? [];
    const keys = [...labels.matchAll(/(\w+)="/g)].map(([, key]) => `${key},`).toSorted();
    return keys.length === 0 ? name : `${name}{${keys.join('')}}`;
  });
  return new Set(names);
}

describe('the metrics of the original services', () => {
  const recorded = readFileSync(join(root, 'test/recorded/prometheus-names-labels.txt'), 'utf8').trim().split('\n');
  const documented = readFileSync(join(root, 'docs/actuator.md'), 'utf8');
  const left = /## Metrics of the originals that are not there\n(.*?)(\n## |$)/s.exec(documented)?.[1] ?? '';
  const leftOut = [...left.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);

  it('are there with the same labels, but for those that the docs name', () => {
    const ours = samples();
    const missing = recorded.filter((sample) => !ours.has(sample)).map((sample) => sample.replace(/\{.*/, ''));
    expect(missing.toSorted()).toEqual(leftOut.toSorted());
  });
});

describe('what the service tells besides', () => {
  it.each([
    /^http_server_requests_seconds_count\{exception="OrderNotFound",method="GET",outcome="CLIENT_ERROR",status="404",uri="\/orders\/\{guid\}"\} 1$/m,
    /^spring_kafka_listener_seconds_count\{name="accounts.customer.change",result="success",exception="none"\} [1-9]/m,
    /^kafka_consumer_fetch_manager_records_lag\{client_id="orders-.*",topic="accounts.customer.change",partition="\d"\} \d/m,
    /^kafka_consumer_coordinator_assigned_partitions\{client_id="orders-.*"\} 6$/m,
    /^mongodb_driver_commands_seconds_count\{cluster_id="default",server_address=".*",command="insert",collection="orders",status="SUCCESS"\} [1-9]/m,
    /^mongodb_driver_pool_size\{cluster_id="default",server_address=".*"\} [1-9]/m,
    /^consumer_delay_seconds_count\{topic="accounts.customer.change"\} [1-9]/m,
    /^orders_by_status\{status="REJECTED"\} 0$/m,
    /^logback_events_total\{level="debug"\} 0$/m,
    /^nodejs_eventloop_lag_seconds \d/m,
  ])('%s', (sample) => {
    expect(text).toMatch(sample);
  });
});
