import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Exposure } from '../access/exposure';
import { MANAGEMENT_ENDPOINT } from '../access/management-metadata';
import { ACTUATOR_OPTIONS, type ActuatorOptions } from '../actuator-options';
import { answer } from '../answers/answer';

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
  ) {}

  @Get()
  index(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const base = `${this.options.baseOf(request)}/actuator`;
    const ids = this.endpoints();
    const springs = known.filter(([, path]) => ids.has(path.split('/')[0] ?? ''));
    const ours = [...ids].filter((id) => !known.some(([rel]) => rel === id)).toSorted();
    const links = [...springs, ...ours.map((id) => [id, id] as const)].map(([rel, path]) => [
      rel,
      { href: `${base}/${path}`, templated: path.includes('{') },
    ]);
    answer(reply, { _links: { self: { href: base, templated: false }, ...Object.fromEntries(links) } });
  }

  private endpoints(): Set<string> {
    const ids = this.discovery
      .getControllers()
      .map(({ metatype }): unknown => metatype && Reflect.getMetadata(MANAGEMENT_ENDPOINT, metatype));
    return new Set(ids.filter((id) => typeof id === 'string').filter((id) => this.exposure.has(id)));
  }
}
