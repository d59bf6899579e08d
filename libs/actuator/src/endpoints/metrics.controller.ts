import { BadRequestException, Get, Inject, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { register } from 'prom-client';
import { ManagementEndpoint } from '../access/management-endpoint';
import { answer } from '../answers/answer';
import { COMMON_LABELS, type CommonLabels } from '../metrics/common-labels';
import { metricNames, metricView, type Tag } from '../metrics/metric-views';

/** `/actuator/metrics`: the names; `/actuator/metrics/{name}?tag=key:value`: one of them, summed up over what has the tags. */
@ManagementEndpoint('metrics')
export class MetricsController {
  constructor(@Inject(COMMON_LABELS) private readonly labels: CommonLabels) {}

  @Get()
  async names(@Res() reply: FastifyReply): Promise<void> {
    answer(reply, { names: await metricNames(register) });
  }

  @Get(':requiredMetricName')
  async metric(
    @Param('requiredMetricName') name: string,
    @Query('tag') tags: string | string[] | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const asked = tagsIn(tags).map(tagOf);
    answer(reply, await metricView(register, name, asked, this.labels));
  }
}

/** Commas part the tags of a single parameter; of several, each is a whole tag, commas and all: as Spring converts them. */
function tagsIn(tags: string | string[] | undefined): string[] {
  if (tags === undefined) return [];
  return Array.isArray(tags) ? tags : tags.split(',').map((tag) => tag.trim());
}

function tagOf(text: string): Tag {
  const colon = text.indexOf(':');
  if (colon < 1) throw new BadRequestException(`Each tag parameter must be in the form 'key:value' but was: ${text}`);
  return { tag: text.slice(0, colon), value: text.slice(colon + 1) };
}
