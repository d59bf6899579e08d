import { Body, HttpCode, Post, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ManagementEndpoint } from '@storefront/actuator';
import { ProblemDetailsFilter } from '@storefront/hal';
import { z } from 'zod';
import { ForgetReports } from '../application/forget-reports';

const ForgetBody = z.object({ guids: z.array(z.string().min(1).max(256)).min(1).max(1000) });
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
