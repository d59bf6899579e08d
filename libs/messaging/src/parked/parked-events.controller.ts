import { Body, Get, Headers, HttpCode, Inject, Logger, Param, Post, Query } from '@nestjs/common';
import type { DiscardedRecord } from './collections';
import { discardedView, laneDetail, laneView, ShownRecords } from './lane-view';
import { ParkedOperations } from './parked-operations';
import { DiscardEvent, ListDiscarded, ListLanes, Nothing, RedriveLanes, ShowLane } from './parked-requests';

/** Where parked events are looked at and repaired. */
export class ParkedEventsController {
  private readonly logger = new Logger('ParkedEvents');

  constructor(@Inject(ParkedOperations) private readonly parked: ParkedOperations) {}

  @Get()
  async list(@Query({ schema: ListLanes }) { topic, minAge, page, size }: ListLanes) {
    this.parked.consumed(topic);
    const [lanes, totalElements] = await this.parked.page({ topic, minAgeMs: minAge }, { page, size });
    return { lanes: lanes.map(laneView), page: pageOf(totalElements, { page, size }) };
  }

  /** What operators gave up, the latest first. Events behind the first 1 MiB of a page have `omitted`. */
  @Get('discarded')
  async listDiscarded(@Query({ schema: ListDiscarded }) { page, size, ...filter }: ListDiscarded) {
    const shown = new ShownRecords();
    const view = (record: DiscardedRecord) => discardedView(record, shown);
    const [discarded, totalElements] = await this.parked.discarded(filter, { page, size, view });
    return { discarded, page: pageOf(totalElements, { page, size }) };
  }

  @Get(':lane')
  async show(@Param('lane') lane: string, @Query({ schema: ShowLane }) { position }: ShowLane) {
    return laneDetail(await this.parked.lane(lane), position);
  }

  /** A lane after the other, as far as it goes in 10 s; `next` is given back as `after` to go on. */
  @Post('redrive')
  @HttpCode(200)
  async redriveAll(@Body({ schema: RedriveLanes }) request: RedriveLanes, @Query({ schema: Nothing }) _query: Nothing) {
    this.parked.consumed(request?.topic);
    const { dryRun = false, ...range } = request ?? {};
    if (!dryRun) return { dryRun, ...(await this.parked.redriveAll(range)) };
    const { lanes, ...rest } = await this.parked.preview(range);
    return { dryRun, lanes: lanes.map(laneView), ...rest };
  }

  @Post(':lane/redrive')
  @HttpCode(200)
  redrive(
    @Param('lane') lane: string,
    @Body({ schema: Nothing }) _body: Nothing,
    @Query({ schema: Nothing }) _query: Nothing,
  ) {
    return this.parked.redrive(lane);
  }

  @Post(':lane/discard')
  @HttpCode(200)
  async discard(
    @Param('lane') lane: string,
    @Body({ schema: DiscardEvent }) { version, position, reason }: DiscardEvent,
    @Headers('authorization') authorization?: string,
  ) {
    const target = version === undefined ? { position: position ?? '' } : { version };
    const by = userOf(authorization);
    const report = await this.parked.discard(lane, target, { by, reason });
    this.logger.warn(`${by} discarded ${version ?? position} of ${lane}: ${reason}`);
    return report;
  }
}

function pageOf(totalElements: number, { page, size }: { page: number; size: number }) {
  return { size, totalElements, totalPages: Math.ceil(totalElements / size), number: page };
}

function userOf(authorization = ''): string {
  const [, credentials = ''] = /^Basic (\S+)$/i.exec(authorization) ?? [];
  return Buffer.from(credentials, 'base64').toString().split(':')[0] || '-';
}
