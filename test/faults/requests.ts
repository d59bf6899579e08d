import { eventually } from '../eventually';
import type { Answer } from '../http-client';
import { customerBody, orderBody } from '../system/bodies';
import type { Storefront } from '../system/storefront';

/** Throws unless it is answered 2xx. */
export async function succeed(storefront: Storefront, method: string, path: string, body?: object): Promise<Answer> {
  const answer = await storefront.request(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer;
}

export function registered(storefront: Storefront, id: string, mark = id): Promise<Answer> {
  return succeed(storefront, 'PUT', `/accounts/customers/${id}`, customerBody(mark));
}

/** The customer is known to Orders. */
export async function arrived(storefront: Storefront, id: string): Promise<void> {
  await eventually(
    () => storefront.stores.replicas.countDocuments({ _id: id }),
    (count) => count === 1,
    60_000,
  );
}

/** The guid of an order that Fulfillment has. */
export async function requested(storefront: Storefront, customerId: string): Promise<string> {
  const { json } = await succeed(storefront, 'POST', `/orders/customers/${customerId}/orders`, orderBody);
  const { guid } = json as { guid: string };
  for (const command of ['approve', 'fulfill']) await succeed(storefront, 'POST', `/orders/orders/${guid}/${command}`);
  await eventually(
    () => storefront.stores.fulfillments.countDocuments({ _id: guid }),
    (count) => count === 1,
    60_000,
  );
  return guid;
}
