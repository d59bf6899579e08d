import { allTopics, customerChanges, fulfillmentRequests, orderStatusChanges } from '@storefront/contracts';

export type ServiceName = 'accounts' | 'orders' | 'fulfillment';

/** What one service owns and another keeps a copy of, and the topic in between. */
export interface Link {
  readonly name: string;
  readonly topic: string;
  readonly ordering: 'state' | 'delta' | 'creation';
  readonly owner: ServiceName;
  readonly replica: ServiceName;
}

/** In the order in which a repair has to go: an order's history can only be right once its fulfillment is there. */
export const links: readonly Link[] = [
  link('customers', customerChanges, { owner: 'accounts', replica: 'orders' }),
  link('fulfillment requests', fulfillmentRequests, { owner: 'orders', replica: 'fulfillment' }),
  link('status reports', orderStatusChanges, { owner: 'fulfillment', replica: 'orders' }),
];

/** The same on a cluster where the names of this environment's topics begin with a prefix. */
export function linksOn(topicPrefix: string): readonly Link[] {
  return links.map((each) => ({ ...each, topic: `${topicPrefix}${each.topic}` }));
}

function link(
  name: string,
  topic: { name: string; ordering: Link['ordering'] },
  sides: Pick<Link, 'owner' | 'replica'>,
): Link {
  return { name, topic: topic.name, ordering: topic.ordering, ...sides };
}

/** What may be said on a topic. */
export interface Contract {
  readonly types: readonly string[];
  readonly schema: { safeParse(value: unknown): { readonly success: boolean } };
  readonly aggregateId: (value: unknown) => string | undefined;
}

/** What may be said on a topic, whatever its environment puts before the contract's name; undefined for any other topic. */
export function contractOf(topic: string): Contract | undefined {
  return allTopics.find(({ name }) => topic.endsWith(name));
}
