import { Controller } from '@nestjs/common';
import { EXCEPTION_FILTERS_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { ApiExtension } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { halExtension } from './api/hal-route';
import { ProblemDetailsFilter } from './failure-filter';

/**
 * A controller of HAL resources: its handlers return `halItem`, `halPage`, `created` …; clients that accept neither HAL nor
 * JSON get 406. Endpoints with plain answers (texts, `/summary`) belong in a controller of their own. Written above
 * `@UseFilters(ProblemDetailsFilter)`, it takes the resources for ours alone: problem details from the first byte on (a body
 * that is no JSON, an `Accept` nobody meets), and writes always answer with a body.
 */
export function HalController(path = ''): ClassDecorator {
  return (target) => {
    Controller(path)(target);
    const filters: unknown[] = Reflect.getMetadata(EXCEPTION_FILTERS_METADATA, target) ?? [];
    const config = { hal: true, ours: filters.includes(ProblemDetailsFilter) };
    ApiExtension(halExtension, { ours: config.ours })(target);
    const handlers = Object.entries(Object.getOwnPropertyDescriptors(target.prototype));
    for (const [name, descriptor] of handlers) {
      if (!isRoute(descriptor.value)) continue;
      const own: object | undefined = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, descriptor.value);
      RouteConfig({ ...own, ...config })(target.prototype, name, descriptor);
    }
  };
}

function isRoute(method: unknown): boolean {
  return typeof method === 'function' && Reflect.hasMetadata(PATH_METADATA, method);
}
