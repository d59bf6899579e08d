import { ConflictException, Get, HttpCode, NotFoundException, Post, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ManagementEndpoint } from '@storefront/actuator';
import { schemaPipe } from '@storefront/hal';
import { AlreadyReconciling } from '@storefront/reconcile';
import { z } from 'zod';
import { ScheduledReconciliation } from '../reconciliation/scheduled-reconciliation';

/** Somebody waits for the answer, and a comparison that runs by itself takes seconds where the copies are alike. */
const WAIT_MS = 30_000;

const ReconcileQuery = z.strictObject({ repair: z.enum(['true', 'false']).default('false') });
type ReconcileQuery = z.infer<typeof ReconcileQuery>;

/** What `npm run reconcile` does, for those who have no shell near the services; with the services' own management password. */
@ManagementEndpoint('reconcile')
@ApiExcludeController()
export class ReconcileController {
  constructor(private readonly reconciliation: ScheduledReconciliation) {}

  /** Compares all copies with their owners, which takes seconds to minutes, and answers with what differs. */
  @Post()
  @HttpCode(200)
  async run(@Query(schemaPipe(ReconcileQuery)) { repair }: ReconcileQuery): Promise<object> {
    try {
      await this.reconciliation.run({ repair: repair === 'true', waitMs: WAIT_MS });
    } catch (error) {
      throw error instanceof AlreadyReconciling ? new ConflictException(error.message) : error;
    }
    return this.report();
  }

  /** The last report of this process. */
  @Get()
  report(): object {
    const { last } = this.reconciliation;
    if (!last) throw new NotFoundException('Nothing has been reconciled here yet.');
    return last;
  }
}
