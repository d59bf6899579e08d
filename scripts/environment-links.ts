import { type Link, linksOn } from '@storefront/reconcile';
import { environmentNames } from './kafka/environment-names';

/** What the services keep of each other, with the names that the topics have in this environment. */
export function environmentLinks(): readonly Link[] {
  return linksOn(environmentNames().topicPrefix);
}
