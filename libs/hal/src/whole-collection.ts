import { RouteConfig } from '@nestjs/platform-fastify';
import { halType, jsonType } from './accepted-type';

/**
 * The handler streams a whole collection as `application/json`, or as `application/hal+json` for a client that accepts only that: a
 * client that accepts neither gets 406, and one that comes while as many collections are streamed as may be, or while it has its
 * share of them, gets 503 with `Retry-After`.
 */
export function WholeCollection(): MethodDecorator {
  return RouteConfig({ produces: [jsonType, halType], wholeCollection: true });
}
