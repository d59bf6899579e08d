import { BadRequestException, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import type { Server } from 'node:http';
import { runInNewContext } from 'node:vm';
import { Exposure } from '../access/exposure';
import { ManagementEndpoint } from '../access/management-endpoint';
import { MANAGEMENT_ENVIRONMENT, type ManagementEnvironment } from '../access/management-environment';
import { answer } from '../answers/answer';
import { propertyIn, type PropertySource, propertySources } from '../env/property-sources';

const patternTimeoutMs = 100;

/** `/actuator/env`: which settings there are and where they come from; their values only where `MANAGEMENT_ENDPOINT_ENV_SHOW_VALUES` says so, secrets never. */
@ManagementEndpoint('env')
export class EnvController {
  constructor(
    @Inject(MANAGEMENT_ENVIRONMENT) private readonly environment: ManagementEnvironment,
    private readonly exposure: Exposure,
    private readonly http: HttpAdapterHost,
  ) {}

  @Get()
  all(@Query('pattern') pattern: string | undefined, @Res() reply: FastifyReply): void {
    const all = this.sources();
    const keys = all.flatMap(({ properties }) => Object.keys(properties));
    const wanted = new Set(pattern === undefined ? keys : matching(pattern, keys));
    const sources = all.map(({ name, properties }) => ({
      name,
      properties: Object.fromEntries(Object.entries(properties).filter(([key]) => wanted.has(key))),
    }));
    answer(reply, { ...profiles(), propertySources: sources });
  }

  @Get(':toMatch')
  one(@Param('toMatch') name: string, @Res() reply: FastifyReply): void {
    const found = this.sources().map((source) => ({ name: source.name, property: propertyIn(source, name) }));
    const first = found.find(({ property }) => property);
    if (!first) return answer(reply, undefined);
    const property = { source: first.name, value: first.property?.value };
    answer(reply, { property, ...profiles(), propertySources: found });
  }

  private sources(): PropertySource[] {
    // the guard lets nobody else come here
    const showValues = this.exposure.shows(this.environment.MANAGEMENT_ENDPOINT_ENV_SHOW_VALUES, true);
    const address = (this.http.httpAdapter.getHttpServer() as Server).address();
    const port = typeof address === 'object' ? address?.port : undefined;
    return propertySources({ variables: process.env, settings: this.environment, port }, showValues);
  }
}

function profiles(): { activeProfiles: string[]; defaultProfiles: string[] } {
  const active = (process.env['SPRING_PROFILES_ACTIVE'] ?? '').split(',').map((profile) => profile.trim());
  return { activeProfiles: active.filter((profile) => profile !== ''), defaultProfiles: ['default'] };
}

/** In a context of its own, since only that can be stopped: an expression may take longer than the process has. */
function matching(pattern: string, keys: readonly string[]): unknown[] {
  try {
    const code = 'keys.filter((key) => new RegExp(pattern).test(key))';
    return [runInNewContext(code, { pattern, keys }, { timeout: patternTimeoutMs })].flat();
  } catch {
    throw new BadRequestException('pattern is expected to be a regular expression that is matched within 100 ms');
  }
}
