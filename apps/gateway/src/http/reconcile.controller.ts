import { ConflictException, Get, HttpCode, NotFoundException, Post, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ManagementEndpoint } from '@storefront/actuator';
import { schemaPipe } from '@storefront/hal';
import {
  isClean,
  reconcile,
  type Report,
  ServiceClient,
  defaultPatience,
  type ServiceName,
} from '@storefront/reconcile';
import { z } from 'zod';

const ReconcileQuery = z.strictObject({ repair: z.enum(['true', 'false']).default('false') });
type ReconcileQuery = z.infer<typeof ReconcileQuery>;

/** The services' guarded endpoints. */
export class ServiceAccess {
  constructor(readonly clients: Readonly<Record<ServiceName, ServiceClient>>) {}
}

/** What `npm run reconcile` does, for those who have no shell near the services; with the services' own management password. */
@ManagementEndpoint('reconcile')
@ApiExcludeController()
export class ReconcileController {
  private running = false;
  private last: object | undefined;

  constructor(private readonly services: ServiceAccess) {}

  /** Compares all copies with their owners, which takes seconds to minutes, and answers with what differs. */
  @Post()
  @HttpCode(200)
  async run(@Query(schemaPipe(ReconcileQuery)) { repair }: ReconcileQuery): Promise<object> {
    if (this.running) throw new ConflictException('It is being reconciled already.');
    this.running = true;
    try {
      const report = await reconcile({
        services: this.services.clients,
        patience: defaultPatience,
        repair: repair === 'true',
      });
      this.last = told(report);
      return this.last;
    } finally {
      this.running = false;
    }
  }

  /** The last report of this process. */
  @Get()
  report(): object {
    if (!this.last) throw new NotFoundException('Nothing has been reconciled here yet.');
    return this.last;
  }
}

function told(report: Report): object {
  return { at: new Date().toISOString(), clean: isClean(report), ...report };
}
