import { applyDecorators, Header } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { jsonType } from './accepted-type';

/**
 * The handler streams a whole collection as `application/json`: a client that does not accept JSON gets 406, and one that
 * comes while as many collections are streamed as may be gets 503 with `Retry-After`.
 */
export function WholeCollection(): MethodDecorator {
  return applyDecorators(
    Header('content-type', jsonType),
    RouteConfig({ produces: [jsonType], wholeCollection: true }),
  );
}
