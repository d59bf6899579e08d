import { Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { register } from 'prom-client';
import { ManagementEndpoint } from '../access/management-endpoint';
import { acceptable } from '../answers/media-types';
import { COMMON_LABELS, type CommonLabels } from '../metrics/common-labels';
import { expositionOf, openMetricsType, textType } from '../metrics/exposition';

/** `/actuator/prometheus`: Prometheus' text format 0.0.4, or OpenMetrics 1.0.0 where `Accept` names it; `?includedNames=` picks metrics. */
@ManagementEndpoint('prometheus')
export class PrometheusController {
  constructor(@Inject(COMMON_LABELS) private readonly labels: CommonLabels) {}

  @Get()
  async scrape(
    @Query('includedNames') names: string | string[] | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const type = acceptable(reply.request.headers.accept, [textType, openMetricsType]);
    if (type === undefined) return void reply.code(406).send();
    const included = names === undefined ? undefined : [names].flat().flatMap((list) => list.split(','));
    const text = await expositionOf(register, { openMetrics: type === openMetricsType, included, labels: this.labels });
    // as bytes: Fastify would change how the charset is written
    reply.header('content-type', type).send(Buffer.from(text));
  }
}
