import { readFileSync } from 'node:fs';
import { ServiceClient, type ServiceName } from '@storefront/reconcile';

const PORTS: Record<ServiceName, number> = { accounts: 8085, orders: 8090, fulfillment: 8095 };

export const accessUsage = `
  ACCOUNTS_URL, ORDERS_URL, FULFILLMENT_URL    where the services are (http://127.0.0.1:8085, 8090, 8095), not the gateway
  MANAGEMENT_USERNAME, MANAGEMENT_PASSWORD     what they ask for (admin; MANAGEMENT_PASSWORD_FILE names a file)`;

/** The services' guarded endpoints, as the environment says. */
export function services(): Record<ServiceName, ServiceClient> {
  return { accounts: client('accounts'), orders: client('orders'), fulfillment: client('fulfillment') };
}

function client(service: ServiceName): ServiceClient {
  const { MANAGEMENT_USERNAME: username = 'admin' } = process.env;
  const password = secret('MANAGEMENT_PASSWORD');
  if (!password) throw new Error('MANAGEMENT_PASSWORD is not set: npm start prints the one it made.');
  const url = process.env[`${service.toUpperCase()}_URL`] ?? `http://127.0.0.1:${PORTS[service]}`;
  return new ServiceClient({ url: url.replace(/\/+$/, ''), username, password });
}

function secret(name: string): string | undefined {
  const file = process.env[`${name}_FILE`];
  return file ? readFileSync(file, 'utf8').trim() : process.env[name];
}
