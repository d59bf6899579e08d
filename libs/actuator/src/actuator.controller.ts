import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { register } from 'prom-client';
import { ACTUATOR_OPTIONS, type ActuatorOptions } from './actuator-options';
import { Health, type HealthReport } from './health';
import { MANAGEMENT_ENDPOINT } from './management-endpoint';
import { MANAGEMENT_ENVIRONMENT, type ManagementEnvironment } from './management-environment';

const actuatorType = 'application/vnd.spring-boot.actuator.v3+json';
const openEndpoints = ['health', 'health/liveness', 'health/readiness', 'info', 'prometheus'];

/** The endpoints that are open to everybody, in Spring Boot's shapes. */
@Controller('actuator')
@ApiExcludeController()
export class ActuatorController {
  constructor(
    private readonly health: Health,
    private readonly discovery: DiscoveryService,
    @Inject(ACTUATOR_OPTIONS) private readonly options: ActuatorOptions,
    @Inject(MANAGEMENT_ENVIRONMENT) private readonly environment: ManagementEnvironment,
  ) {}

  @Get()
  index(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const base = `${this.options.baseOf(request)}/actuator`;
    const endpoints = [...openEndpoints, ...this.guardedEndpoints()];
    const links = endpoints.map((id) => [id.replaceAll('/', '-'), { href: `${base}/${id}`, templated: false }]);
    send(request, reply, { _links: { self: { href: base, templated: false }, ...Object.fromEntries(links) } });
  }

  @Get('health')
  async overall(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const report = await this.health.overall();
    this.sendHealth(request, reply, report);
  }

  @Get('health/liveness')
  liveness(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.sendHealth(request, reply, this.health.liveness());
  }

  @Get('health/readiness')
  async readiness(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    this.sendHealth(request, reply, await this.health.readiness());
  }

  @Get('info')
  info(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { name, version } = this.options;
    send(request, reply, { build: { artifact: name, name, version } });
  }

  @Get('prometheus')
  async prometheus(@Res() reply: FastifyReply): Promise<void> {
    const text = await register.metrics();
    void reply.header('content-type', register.contentType).send(text);
  }

  private sendHealth(request: FastifyRequest, reply: FastifyReply, { status, components }: HealthReport): void {
    const showsDetails = this.environment.MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS === 'always';
    send(request, reply.code(status === 'UP' ? 200 : 503), showsDetails ? { status, components } : { status });
  }

  private guardedEndpoints(): string[] {
    if (!this.environment.MANAGEMENT_USERNAME || !this.environment.MANAGEMENT_PASSWORD) return [];
    const ids = this.discovery
      .getControllers()
      .map(({ metatype }): unknown => metatype && Reflect.getMetadata(MANAGEMENT_ENDPOINT, metatype));
    return ids.filter((id) => typeof id === 'string').toSorted();
  }
}

/** Compact JSON under the type the client asked for: Actuator's own unless it is plain JSON. As bytes: to a text Fastify would add a charset. */
function send(request: FastifyRequest, reply: FastifyReply, body: object): void {
  const wantsJson = /\bapplication\/json\b/i.test(request.headers.accept ?? '');
  reply.header('content-type', wantsJson ? 'application/json' : actuatorType).send(Buffer.from(JSON.stringify(body)));
}
