import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AggregateId, boundedList, OrderStatusEvent, mostStatuses } from '@storefront/contracts';
import { OperatorEndpoint } from '@storefront/service';
import { z } from 'zod';
import { ReplaceReports } from '../application/replace-reports';

const version = z.int().min(0).max(999_999_999_999_999);
const Report = z.strictObject({ version: version.min(1), previousVersion: version, event: OrderStatusEvent });
const History = z.strictObject({
  guid: AggregateId,
  /** As the digest told it: a copy that somebody edited may have anything there. */
  seen: z.union([z.number(), z.string().max(100), z.null()]),
  reports: boundedList(Report, mostStatuses),
});
const ReplaceBody = z.strictObject({ orders: boundedList(History, 1_000).min(1) });
type ReplaceBody = z.infer<typeof ReplaceBody>;

/** For repairs of orders whose history differs from what Fulfillment has reported. */
@OperatorEndpoint('status-reports')
@ApiExcludeController()
export class StatusReportsController {
  constructor(private readonly replaceReports: ReplaceReports) {}

  @Post('replace')
  @HttpCode(204)
  async replace(@Body({ schema: ReplaceBody }) { orders }: ReplaceBody): Promise<void> {
    await this.replaceReports.execute(orders);
  }
}
