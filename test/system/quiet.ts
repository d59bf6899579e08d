import { describeLane, differences, type Expected, unpublished } from './differences';
import type { Stores } from './stores';
import type { Topics } from './topics';

export interface Seen {
  readonly stores: Stores;
  readonly topics: Topics;
}

/** Why the system is not at rest, or not consistent, one line each: on its way out, parked, on a topic, different. */
export async function unquiet(seen: Seen, lanes: readonly string[], expected: Expected): Promise<string[]> {
  try {
    const waiting = await stillOnTheWay(seen, lanes);
    return waiting.length > 0 ? waiting : await differences(seen.stores, expected);
  } catch (error) {
    return [String(error)]; // an engine that is not back yet
  }
}

async function stillOnTheWay({ stores, topics }: Seen, lanes: readonly string[]): Promise<string[]> {
  const parked = (await stores.allLanes()).filter(({ _id }) => !lanes.includes(_id)).map(describeLane);
  const waiting = [...(await unpublished(stores)), ...parked];
  return waiting.length > 0 ? waiting : lag(topics);
}

/** Records that were delivered and not committed, one line a partition. */
export async function lag(topics: Topics): Promise<string[]> {
  const orders = topics.lag('orders', ['accounts.customer.change', 'fulfillment.order.change']);
  const fulfillment = topics.lag('fulfillment', ['orders.order.fulfill']);
  return (await Promise.all([orders, fulfillment])).flat();
}
