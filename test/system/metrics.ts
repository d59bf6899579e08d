import type { ServiceName } from '../../scripts/system';
import type { Storefront } from './storefront';

/** The sum of the samples of a metric that have these labels, as the service tells Prometheus. */
export async function counted(
  storefront: Storefront,
  service: ServiceName,
  name: string,
  labels: Record<string, string> = {},
): Promise<number> {
  const { text } = await storefront.client(service)('GET', '/actuator/prometheus');
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const samples = text.split('\n').filter((line) => new RegExp(`^${name}[{ ]`).test(line));
  const matching = samples.filter((line) => wanted.every((label) => line.includes(label)));
  return matching.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
