import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Credentials } from '../access/credentials';
import { Exposure } from '../access/exposure';
import { answer } from '../answers/answer';
import { acceptable, actuatorV2 } from '../answers/media-types';
import { Health } from './health';
import { HEALTH_GROUPS, type HealthGroups } from './health-groups';
import type { HealthComponent } from './health-source';

/** Health as far as the client may see it: 200 for UP and UNKNOWN, 503 for DOWN and OUT_OF_SERVICE. */
@Injectable()
export class HealthAnswers {
  constructor(
    private readonly health: Health,
    private readonly exposure: Exposure,
    private readonly credentials: Credentials,
    @Inject(HEALTH_GROUPS) private readonly groups: HealthGroups,
  ) {}

  async overall(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const health = await this.health.overall();
    send(reply, health, { ...this.view(request, reply), groups: this.health.groupNames });
  }

  /** A group or a part, by its path such as `readiness/mongo`; 404 where there is none. */
  async part(path: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const names = path.split('/').filter((name) => name !== '');
    const view = this.view(request, reply, names[0]);
    const isGroup = names.length === 1 && this.health.groupNames.some((group) => group === names[0]);
    const part = isGroup || view.components ? await this.health.at(names) : undefined;
    if (part) send(reply, part, view);
    else answer(reply, undefined);
  }

  private view(request: FastifyRequest, reply: FastifyReply, group = ''): View {
    const {
      showDetails = this.exposure.environment.MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS,
      showComponents = this.exposure.environment.MANAGEMENT_ENDPOINT_HEALTH_SHOW_COMPONENTS,
    } = this.groups.get(group) ?? {};
    const isAuthorized = this.credentials.areIn(request, 'health');
    return {
      components: this.exposure.shows(showComponents, isAuthorized),
      details: this.exposure.shows(showDetails, isAuthorized),
      key: acceptable(reply.request.headers.accept) === actuatorV2 ? 'details' : 'components',
    };
  }
}

interface View {
  components: boolean;
  details: boolean;
  /** The second version of Actuator's JSON calls a part's parts its details. */
  key: 'components' | 'details';
}

function send(reply: FastifyReply, health: HealthComponent, view: View & { groups?: readonly string[] }): void {
  const isWell = health.status === 'UP' || health.status === 'UNKNOWN';
  answer(reply, { ...shown(health, view), ...(view.groups && { groups: view.groups }) }, isWell ? 200 : 503);
}

function shown({ status, details, components }: HealthComponent, view: View): object {
  const parts = Object.entries(components ?? {}).map(([name, part]) => [name, shown(part, view)]);
  return {
    status,
    ...(details && Object.keys(details).length > 0 && view.details && { details }),
    ...(components && view.components && { [view.key]: Object.fromEntries(parts) }),
  };
}
