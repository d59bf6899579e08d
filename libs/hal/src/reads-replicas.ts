import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  UseGuards,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientOf } from './client-address';
import { consistencyToken, knownVersions } from './consistency-token';
import { VersionNotReached, VersionWaits } from './version-waits';

/** Injection token: by relation (`customer`), which version of one of them this service has heard of; 0 for none. */
export const replicaVersions = Symbol('replicaVersions');
export type ReplicaVersions = Readonly<Record<string, (id: string) => Promise<number>>>;

const defaultWaitSeconds = 5;
/** Less than the 30 s that a gateway waits for an answer. */
const maxWaitSeconds = 25;

/**
 * Lets a request pass when what its `Consistency-Token` names has arrived here. Until then it waits as long as `Prefer: wait`
 * says, 5 s without it and at most 25 s, within the bounds of `VersionWaits`; then it is refused with 503.
 */
@Injectable()
export class ReplicaGuard implements CanActivate {
  constructor(
    @Inject(replicaVersions) private readonly versions: ReplicaVersions,
    private readonly waits: VersionWaits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const header = request.headers['consistency-token'];
    if (header !== undefined) await this.await(String(header), request, http.getResponse<FastifyReply>());
    return true;
  }

  private async await(header: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const preferred = preferredWait(request.headers.prefer);
    const giveUpAt = performance.now() + (preferred ?? defaultWaitSeconds) * 1000;
    if (preferred !== undefined) reply.header('preference-applied', `wait=${preferred}`);
    const isGone = () => request.raw.socket.destroyed;
    for (const { rel, id, version } of knownVersions(header)) {
      const versionOf = Object.hasOwn(this.versions, rel) ? this.versions[rel] : undefined;
      // what is not copied from elsewhere is never behind
      if (!versionOf) continue;
      const known = () => versionOf(id);
      if (!(await this.waits.until({ client: clientOf(request), version, known, giveUpAt, isGone }))) {
        throw new VersionNotReached({ awaited: `${rel}:${id}:${version}` });
      }
    }
  }
}

/**
 * A controller that reads what other services own: a client that wrote there sends the `Consistency-Token` of its write, and
 * is not answered from an older state.
 */
export function ReadsReplicas(): ClassDecorator {
  return applyDecorators(
    UseGuards(ReplicaGuard),
    ApiHeader({
      name: consistencyToken,
      required: false,
      description:
        'What writes at other services answered with under this name, separated by commas: this request is answered when ' +
        'they have arrived here, or 503 with Retry-After. Such as `customer:5fb0d8a2c1e4f20001a1b2c3:4`.',
    }),
    ApiHeader({
      name: 'Prefer',
      required: false,
      description: `With Consistency-Token: how many seconds to wait, ${defaultWaitSeconds} unless given, at most ${maxWaitSeconds}. Such as \`wait=10\`.`,
    }),
  );
}

/** Seconds, RFC 7240 §4.3. */
function preferredWait(prefer: string | string[] | undefined): number | undefined {
  const [, seconds] = /(?:^|,)\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:[,;]|$)/i.exec(String(prefer ?? '')) ?? [];
  return seconds === undefined ? undefined : Math.min(Number(seconds), maxWaitSeconds);
}
