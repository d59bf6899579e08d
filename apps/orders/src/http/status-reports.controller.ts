import { Body, HttpCode, Post, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ManagementEndpoint } from '@storefront/actuator';
import { AggregateId, boundedList } from '@storefront/contracts';
import { ProblemDetailsFilter } from '@storefront/hal';
import { z } from 'zod';
import { ForgetReports } from '../application/forget-reports';

const ForgetBody = z.object({ guids: boundedList(AggregateId, 1_000).min(1) });
type ForgetBody = z.infer<typeof ForgetBody>;

/** For operators whose orders disagree with Fulfillment: the first half of a repair, the second is Fulfillment's republish. */
@ManagementEndpoint('status-reports')
@ApiExcludeController()
@UseFilters(ProblemDetailsFilter)
export class StatusReportsController {
  constructor(private readonly forgetReports: ForgetReports) {}

  @Post('forget')
  @HttpCode(204)
  async forget(@Body({ schema: ForgetBody }) { guids }: ForgetBody): Promise<void> {
    await this.forgetReports.execute(guids);
  }
}
