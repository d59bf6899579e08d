import type { Answer } from '../http-client';
import { orderBody } from '../system/bodies';
import { command } from '../system/command';
import type { Storefront } from '../system/storefront';

interface Finding {
  link: string;
  id: string;
  difference: string;
}

export interface Report {
  clean: boolean;
  comparisons: { link: string; compared: number; drift: Finding[]; inFlight: { id: string; why: string }[] }[];
  found?: Report['comparisons'];
}

/** Somebody at a shell near the services, and a client at the gateway. */
export class Operator {
  constructor(private readonly storefront: Storefront) {}

  async reconcile(...args: string[]): Promise<{ code: number | null; report: Report }> {
    const options = ['--json', '--pause', '0.5', ...args];
    const { code, stdout, stderr } = await command('reconcile', options, this.storefront.operations);
    if (stdout === '') throw new Error(stderr);
    return { code, report: JSON.parse(stdout) as Report };
  }

  async succeed(method: string, path: string, body?: object): Promise<Answer> {
    const answer = await this.storefront.request(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }

  async orderFor(customerId: string): Promise<string> {
    const { json } = await this.succeed('POST', `/orders/customers/${customerId}/orders`, orderBody);
    const { guid } = json as { guid: string };
    await this.succeed('POST', `/orders/orders/${guid}/approve`);
    await this.succeed('POST', `/orders/orders/${guid}/fulfill`);
    return guid;
  }

  async move(guid: string | undefined, ...commands: string[]): Promise<void> {
    for (const each of commands) {
      const body = each === 'ship' ? { shippingMethod: 'USPS' } : undefined;
      await this.succeed('POST', `/fulfillment/fulfillments/${guid}/${each}`, body);
    }
  }
}

/** What has drifted, one line each, sorted. */
export function problems({ comparisons }: Pick<Report, 'comparisons'>): string[] {
  return comparisons
    .flatMap(({ drift }) => drift.map(({ link, id, difference }) => `${link} ${id}: ${difference}`))
    .toSorted();
}
