import { Body, Get, HttpCode, Inject, Param, Post, Query, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ManagementEndpoint } from '@storefront/actuator';
import { ProblemDetailsFilter, schemaPipe } from '@storefront/hal';
import { z } from 'zod';
import { REPAIR_SOURCE, type RepairSource } from './repair-source';

const PageQuery = z.object({
  after: z.string().min(1).max(256).optional(),
  size: z.coerce.number().pipe(z.int().min(1).max(1000)).default(500),
});
type PageQuery = z.infer<typeof PageQuery>;

const IdsBody = z.object({ ids: z.array(z.string().min(1).max(256)).max(1000) });
type IdsBody = z.infer<typeof IdsBody>;

/** What this service keeps of a topic's aggregates: id, version, hash of the content. Reading it stops nothing. */
@ManagementEndpoint('digest')
@ApiExcludeController()
@UseFilters(ProblemDetailsFilter)
export class DigestController {
  constructor(@Inject(REPAIR_SOURCE) private readonly repairs: RepairSource) {}

  /** The topics that can be compared, and how far this service's consumer has come. */
  @Get()
  overview(): Promise<object> {
    return this.repairs.overview();
  }

  @Get(':topic')
  page(@Param('topic') topic: string, @Query(schemaPipe(PageQuery)) query: PageQuery): Promise<object> {
    return this.repairs.page(topic, query);
  }

  /** The same of some aggregates; those that are not here are left out. POST, because a URL does not hold so many ids. */
  @Post(':topic')
  @HttpCode(200)
  of(@Param('topic') topic: string, @Body(schemaPipe(IdsBody)) { ids }: IdsBody): Promise<object> {
    return this.repairs.of(topic, ids);
  }
}
