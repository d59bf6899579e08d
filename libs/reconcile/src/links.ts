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

/** undefined for a topic that is none of ours. */
export function contractOf(topic: string): Contract | undefined {
  return allTopics.find(({ name }) => name === topic);
}
