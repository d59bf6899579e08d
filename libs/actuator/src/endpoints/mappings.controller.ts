import { Get, Inject, RequestMethod, Res } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { ManagementEndpoint } from '../access/management-endpoint';
import { ACTUATOR_OPTIONS, type ActuatorOptions } from '../actuator-options';
import { answer } from '../answers/answer';

interface Mapping {
  handler: string;
  predicate: string;
  details: object;
}

/** `/actuator/mappings`: which method of which controller answers what. */
@ManagementEndpoint('mappings')
export class MappingsController {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    @Inject(ACTUATOR_OPTIONS) private readonly options: ActuatorOptions,
  ) {}

  @Get()
  mappings(@Res() reply: FastifyReply): void {
    const found = this.discovery
      .getControllers()
      .flatMap(({ metatype }) => (typeof metatype === 'function' ? this.mappingsOf(metatype) : []));
    const sorted = found.toSorted((a, b) => (a.predicate < b.predicate ? -1 : 1));
    const mappings = { dispatcherServlets: { dispatcherServlet: sorted }, servletFilters: [], servlets: [] };
    answer(reply, { contexts: { [this.options.name]: { mappings, parentId: null } } });
  }

  private mappingsOf(controller: Function): Mapping[] {
    const prototype = controller.prototype as Record<string, object>;
    const bases = pathsOf(controller);
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      const method: unknown = handler && Reflect.getMetadata(METHOD_METADATA, handler);
      if (!handler || typeof method !== 'number') return [];
      const patterns = bases.flatMap((base) => pathsOf(handler).map((path) => patternOf(base, path)));
      return [mapping(controller.name, name, { method: RequestMethod[method] ?? 'ALL', patterns })];
    });
  }
}

function mapping(
  className: string,
  name: string,
  { method, patterns }: { method: string; patterns: readonly string[] },
): Mapping {
  const methods = method === 'ALL' ? [] : [method];
  return {
    handler: `${className}#${name}`,
    predicate: `{${[...methods, `[${patterns.join(' || ')}]`].join(' ')}}`,
    details: {
      handlerMethod: { className, name, descriptor: '' },
      requestMappingConditions: { consumes: [], headers: [], methods, params: [], patterns, produces: [] },
    },
  };
}

function pathsOf(target: object): string[] {
  const paths: unknown = Reflect.getMetadata(PATH_METADATA, target);
  return [paths ?? ''].flat().map(String);
}

/** `/customers/{id}` of `customers` and `:id`. */
function patternOf(base: string, path: string): string {
  const segments = `${base}/${path}`.split('/').filter((segment) => segment !== '');
  return `/${segments.map((segment) => (segment.startsWith(':') ? `{${segment.slice(1)}}` : segment.replace(/^\*.*/, '**'))).join('/')}`;
}
