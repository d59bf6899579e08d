import { Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { arch, availableParallelism, release, type, userInfo } from 'node:os';
import { Credentials } from '../access/credentials';
import { ManagementEndpoint } from '../access/management-endpoint';
import { ACTUATOR_OPTIONS, type ActuatorOptions } from '../actuator-options';
import { answer } from '../answers/answer';

/** `/actuator/info`: what was built, from which commit; to who knows the management password also what it runs on. */
@ManagementEndpoint('info')
export class InfoController {
  constructor(
    @Inject(ACTUATOR_OPTIONS) private readonly options: ActuatorOptions,
    private readonly credentials: Credentials,
  ) {}

  @Get()
  info(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { name, build } = this.options;
    const { version, group, time, branch, commit } = build;
    answer(reply, {
      ...(commit && { git: { ...(branch && { branch }), commit } }),
      build: { artifact: name, name, ...(time && { time }), version, ...(group && { group }) },
      ...(this.credentials.areIn(request, 'info') && surroundings()),
    });
  }
}

/** Which attacks are worth trying is read off versions, so that they are not for everybody. */
function surroundings(): object {
  return {
    os: { name: type(), version: release(), arch: arch() },
    process: processInfo(),
    node: { version: process.versions.node, v8: process.versions.v8, openssl: process.versions.openssl },
  };
}

function processInfo(): object {
  const { heapUsed, heapTotal, external, rss } = process.memoryUsage();
  return {
    pid: process.pid,
    parentPid: process.ppid,
    owner: owner(),
    cpus: availableParallelism(),
    memory: { heap: { used: heapUsed, committed: heapTotal }, nonHeap: { used: external }, rss },
  };
}

/** A container may run under an id that has no name. */
function owner(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
}
