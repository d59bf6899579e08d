import { expecting } from '../load/http';
import type { Contender } from '../rig/rig';
import { idOf, newCustomer, newDetails, register } from './customers';
import { orderBody } from '../../test/system/bodies';
import { eventually } from '../../test/eventually';
import type { Measure } from './measure';
import { measureRequests } from './request-load';

const CUSTOMERS = 500;

type Sender = (contender: Contender, ids: readonly string[]) => (n: number) => Promise<unknown>;

const at = (ids: readonly string[], n: number) => ids[n % ids.length] ?? '';

export const senders = {
  'POST customer':
    ({ url }) =>
    () =>
      expecting(201, 'POST', `${url}/customers`, newCustomer().body),
  'PATCH customer':
    ({ url }, ids) =>
    (n) =>
      expecting(200, 'PATCH', `${url}/customers/${at(ids, n)}`, newDetails().body),
  'GET item':
    ({ url }, ids) =>
    (n) =>
      expecting(200, 'GET', `${url}/customers/${at(ids, n)}`),
  'GET page of 20':
    ({ url }, ids) =>
    (n) =>
      expecting(200, 'GET', `${url}/customers?page=${n % Math.ceil(ids.length / 20)}&size=20`),
} satisfies Record<string, Sender>;

function ofCustomers(name: string, request: keyof typeof senders): Measure {
  return {
    name,
    about: `${request}: requests a second, latency, and CPU a request of every process`,
    rig: { yardsticks: true },
    async measure(bench) {
      const loads = [];
      for (const contender of bench.rig.contenders) {
        const ids = await register(contender, CUSTOMERS);
        loads.push({ of: contender.name, pids: contender.pids, send: senders[request](contender, ids) });
      }
      return measureRequests(bench, loads);
    },
  };
}

export const postCustomer = ofCustomers('post-customer', 'POST customer');
export const patchCustomer = ofCustomers('patch-customer', 'PATCH customer');
export const getItem = ofCustomers('get-item', 'GET item');

/** The yardsticks have no orders. */
export const postOrder: Measure = {
  name: 'post-order',
  about: 'POST order of a customer: requests a second, latency, and CPU a request of every process',
  rig: { yardsticks: false },
  async measure(bench) {
    const { rig } = bench;
    const customer = await expecting(201, 'POST', `${rig.storefront.url}/customers`, newCustomer().body);
    const url = `${rig.system.urls.orders}/customers/${idOf(customer)}/orders`;
    const body = JSON.stringify(orderBody);
    const place = () => expecting(201, 'POST', url, body);
    await eventually(
      () => place().then(() => true, String),
      (answer) => answer === true,
    );
    return measureRequests(bench, [{ of: 'storefront', pids: { orders: rig.pid('orders') }, send: place }]);
  },
};
