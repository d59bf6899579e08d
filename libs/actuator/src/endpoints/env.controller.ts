import { BadRequestException, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Server } from 'node:http';
import { runInNewContext } from 'node:vm';
import { isManagementUser } from '../access/credentials';
import { Exposure } from '../access/exposure';
import { ManagementEndpoint } from '../access/management-endpoint';
import { MANAGEMENT_ENVIRONMENT, type ManagementEnvironment } from '../access/management-environment';
import { answer } from '../answers/answer';
import { propertyIn, type PropertySource, propertySources } from '../env/property-sources';

const patternLimitMs = 100;

/** `/actuator/env`: which settings there are and where they come from; their values only where `MANAGEMENT_ENDPOINT_ENV_SHOW_VALUES` says so, secrets never. */
@ManagementEndpoint('env')
export class EnvController {
  constructor(
    @Inject(MANAGEMENT_ENVIRONMENT) private readonly environment: ManagementEnvironment,
    private readonly exposure: Exposure,
    private readonly http: HttpAdapterHost,
  ) {}

  @Get()
  all(@Query('pattern') pattern: string | undefined, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const all = this.sources(request);
    const names = all.flatMap(({ properties }) => Object.keys(properties));
    const wanted = pattern === undefined ? names : matching(pattern, names);
    const sources = all.map(({ name, properties }) => ({
      name,
      properties: Object.fromEntries(Object.entries(properties).filter(([key]) => wanted.includes(key))),
    }));
    answer(reply, { ...profiles(), propertySources: sources });
  }

  @Get(':toMatch')
  one(@Param('toMatch') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const found = this.sources(request).map((source) => ({ name: source.name, property: propertyIn(source, name) }));
    const first = found.find(({ property }) => property);
    if (!first) return answer(reply, undefined);
    const property = { source: first.name, value: first.property?.value };
    answer(reply, { property, ...profiles(), propertySources: found });
  }

  private sources(request: FastifyRequest): PropertySource[] {
    const isAuthorized = isManagementUser(request, this.environment);
    const showValues = this.exposure.shows(this.environment.MANAGEMENT_ENDPOINT_ENV_SHOW_VALUES, isAuthorized);
    const address = (this.http.httpAdapter.getHttpServer() as Server).address();
    const port = typeof address === 'object' ? address?.port : undefined;
    return propertySources({ variables: process.env, settings: this.environment, port }, showValues);
  }
}

function profiles(): { activeProfiles: string[]; defaultProfiles: string[] } {
  const active = (process.env['SPRING_PROFILES_ACTIVE'] ?? '').split(',').map((profile) => profile.trim());
  return { activeProfiles: active.filter((profile) => profile !== ''), defaultProfiles: ['default'] };
}

/** Which names a regular expression matches; one that takes longer than 100 ms for them is refused like one that is none. */
function matching(pattern: string, names: readonly string[]): string[] {
  try {
    const context = { pattern, names };
    const script = 'const wanted = RegExp(pattern); names.filter((name) => wanted.test(name))';
    return [...(runInNewContext(script, context, { timeout: patternLimitMs }) as string[])];
  } catch {
    throw new BadRequestException('pattern is expected to be a regular expression that is matched within 100 ms');
  }
}
