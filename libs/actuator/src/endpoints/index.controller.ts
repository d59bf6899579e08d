import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Exposure } from '../access/exposure';
import { MANAGEMENT_ENDPOINT } from '../access/management-metadata';
import { ACTUATOR_OPTIONS, type ActuatorOptions } from '../actuator-options';
import { answer } from '../answers/answer';
import { ManagementServer } from '../http/management-server';

/** The links of Spring Boot's own endpoints, in the order in which it lists them; `{…}` makes a template. */
const known: readonly (readonly [rel: string, path: string])[] = [
  ['health', 'health'],
  ['health-path', 'health/{*path}'],
  ['info', 'info'],
  ['env', 'env'],
  ['env-toMatch', 'env/{toMatch}'],
  ['loggers', 'loggers'],
  ['loggers-name', 'loggers/{name}'],
  ['heapdump', 'heapdump'],
  ['threaddump', 'threaddump'],
  ['prometheus', 'prometheus'],
  ['metrics-requiredMetricName', 'metrics/{requiredMetricName}'],
  ['metrics', 'metrics'],
  ['scheduledtasks', 'scheduledtasks'],
  ['mappings', 'mappings'],
  ['httpexchanges', 'httpexchanges'],
  ['auditevents', 'auditevents'],
  ['shutdown', 'shutdown'],
];

/** `/actuator`: links to the endpoints there are, the application's own behind Spring's. */
@Controller('actuator')
@ApiExcludeController()
export class IndexController {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly exposure: Exposure,
    @Inject(ACTUATOR_OPTIONS) private readonly options: ActuatorOptions,
    private readonly server: ManagementServer,
  ) {}

  @Get()
  index(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const base = `${this.options.baseOf(request)}/actuator`;
    const endpoints = this.endpoints(this.server.hasGuarded(request));
    const springs = known.filter(([, path]) => endpoints.has(path.split('/')[0] ?? ''));
    const ours = [...endpoints].filter(([id]) => !known.some(([rel]) => rel === id)).flatMap(linksOf);
    const links = [...springs, ...ours.toSorted(([a], [b]) => (a < b ? -1 : 1))].map(([rel, path]) => [
      rel,
      { href: `${base}/${path}`, templated: path.includes('{') },
    ]);
    answer(reply, { _links: { self: { href: base, templated: false }, ...Object.fromEntries(links) } });
  }

  private endpoints(hasGuarded: boolean): Map<string, Function> {
    const controllers = this.discovery.getControllers().flatMap(({ metatype }) => {
      const id: unknown = metatype && Reflect.getMetadata(MANAGEMENT_ENDPOINT, metatype);
      return typeof id === 'string' && typeof metatype === 'function' ? [[id, metatype] as const] : [];
    });
    return new Map(controllers.filter(([id]) => this.exposure.has(id) && (hasGuarded || this.exposure.isOpen(id))));
  }
}

/** An endpoint itself; one that is nothing by itself, by what is below it. */
function linksOf([id, controller]: readonly [string, Function]): (readonly [rel: string, path: string])[] {
  const prototype = controller.prototype as Readonly<Record<string, object>>;
  const paths = new MetadataScanner().getAllMethodNames(prototype).flatMap((name): string[] => {
    const path: unknown = Reflect.getMetadata(PATH_METADATA, prototype[name] ?? {});
    return [path ?? []].flat().map(String);
  });
  const below = paths.map((path) => path.replace(/^\//, ''));
  if (below.includes('')) return [[id, id]];
  return below.filter((path) => !path.includes(':')).map((path) => [`${id}-${path}`, `${id}/${path}`]);
}
