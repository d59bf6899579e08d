import { Controller } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants';
import { RouteConfig } from '@nestjs/platform-fastify';

/**
 * A controller of HAL resources: its handlers return `halItem`, `halPage`, `created` …; clients that accept neither HAL nor
 * JSON get 406. Endpoints with plain answers (texts, `/summary`) belong in a controller of their own.
 */
export function HalController(path = ''): ClassDecorator {
  return (target) => {
    Controller(path)(target);
    const handlers = Object.entries(Object.getOwnPropertyDescriptors(target.prototype));
    for (const [name, descriptor] of handlers) {
      if (isRoute(descriptor.value)) RouteConfig({ hal: true })(target.prototype, name, descriptor);
    }
  };
}

function isRoute(method: unknown): boolean {
  return typeof method === 'function' && Reflect.hasMetadata(PATH_METADATA, method);
}
