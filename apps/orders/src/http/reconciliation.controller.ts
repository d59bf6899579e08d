import { Body, Get, HttpCode, Post, SetMetadata } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { boundedList } from '@storefront/contracts';
import { OperatorEndpoint } from '@storefront/service';
import { z } from 'zod';
import { type LeaseState, Reconciliation } from '../domain/reconciliation';

const holder = z.string().min(1).max(200);
const count = z.int().min(0);
const Link = z.strictObject({ link: z.string().min(1).max(100), drift: count, inFlight: count });

const Take = z.strictObject({
  holder,
  seen: z.strictObject({ holder: holder.nullable(), beat: count }),
});
type Take = z.infer<typeof Take>;

const Beat = z.strictObject({ holder });
type Beat = z.infer<typeof Beat>;

const End = z.strictObject({ holder, links: boundedList(Link, 20).optional() });
type End = z.infer<typeof End>;

/** The lease of whoever compares and repairs copies, and what the last comparison has found. */
@OperatorEndpoint('reconciliation')
@ApiExcludeController()
export class ReconciliationController {
  constructor(private readonly reconciliation: Reconciliation) {}

  @Get()
  state(): Promise<LeaseState> {
    return this.reconciliation.state();
  }

  @Post('take')
  @HttpCode(200)
  async take(@Body({ schema: Take }) { holder, seen }: Take): Promise<{ granted: boolean }> {
    return { granted: await this.reconciliation.take(holder, seen) };
  }

  @Post('beat')
  @SetMetadata('management:read-only', true)
  @HttpCode(200)
  async beat(@Body({ schema: Beat }) { holder }: Beat): Promise<{ granted: boolean }> {
    return { granted: await this.reconciliation.beat(holder) };
  }

  @Post('end')
  @HttpCode(204)
  async end(@Body({ schema: End }) { holder, links }: End): Promise<void> {
    await this.reconciliation.end(holder, links);
  }
}
