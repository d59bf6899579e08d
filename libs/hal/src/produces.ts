import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';

/**
 * What a handler answers with that is no HAL: a client whose `Accept` takes none of these types gets 406 before the handler runs;
 * without any types, nobody does. The handler sets the type itself.
 */
export function Produces(...types: readonly string[]): MethodDecorator {
  return applyDecorators(RouteConfig({ produces: types }));
}
