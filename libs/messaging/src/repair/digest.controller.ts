import { Body, Get, HttpCode, Inject, Param, Post, Query, SetMetadata } from '@nestjs/common';
import { DigestOf, PageOfDigest } from './repair-requests';
import { Repairs } from './repairs';

/** What this service keeps of a topic's aggregates: id, version, hash of the content. Reading it stops nothing. */
export class DigestController {
  constructor(@Inject(Repairs) private readonly repairs: Repairs) {}

  /** The topics that can be compared, and how far this service's consumer has come. */
  @Get()
  overview(): Promise<object> {
    return this.repairs.overview();
  }

  @Get(':topic')
  page(@Param('topic') topic: string, @Query({ schema: PageOfDigest }) { after, size }: PageOfDigest): Promise<object> {
    return this.repairs.page(topic, { size, ...(after !== undefined && { after }) });
  }

  /** The same of some aggregates; those that are not here are left out. POST, because a URL does not hold so many ids. */
  @Post(':topic')
  @SetMetadata('management:read-only', true)
  @HttpCode(200)
  of(@Param('topic') topic: string, @Body({ schema: DigestOf }) { ids }: DigestOf): Promise<object> {
    return this.repairs.of(topic, ids);
  }
}
