import { Body, Get, Headers, HttpCode, Inject, Logger, Param, Post, Query } from '@nestjs/common';
import type { DiscardedRecord } from './collections';
import { discardedView, laneDetail, laneView, ShownRecords } from './lane-view';
import { ParkedOperations } from './parked-operations';
import {
  DiscardEvent,
  DiscardPositions,
  ListDiscarded,
  ListLanes,
  Nothing,
  RedriveLanes,
  RedrivePositions,
  ShowLane,
  ShowPositions,
  SkipRecord,
} from './parked-requests';
import type { PositionRange } from './positions-chunk';
import { positionsView, positionView } from './positions-view';

/** Where parked events are looked at and repaired. */
export class ParkedEventsController {
  private readonly logger = new Logger('ParkedEvents');

  constructor(@Inject(ParkedOperations) private readonly parked: ParkedOperations) {}

  @Get()
  async list(@Query({ schema: ListLanes }) { topic, minAge, page, size }: ListLanes) {
    this.parked.consumed(topic);
    const [lanes, totalElements] = await this.parked.page({ topic, minAgeMs: minAge }, { page, size });
    const positions = (await this.parked.positions.list()).filter(
      (each) => topic === undefined || each.topic === topic,
    );
    return {
      lanes: lanes.map(laneView),
      positions: positions.map(positionsView),
      page: pageOf(totalElements, { page, size }),
    };
  }

  /** Records that are known by their position only: all of a partition from `offset` on, at most 1,000. */
  @Get('positions')
  async showPositions(@Query({ schema: ShowPositions }) { topic, partition, offset = 0, to }: ShowPositions) {
    this.parked.consumed(topic);
    const range = { topic, partition, from: offset, to: to ?? Number.MAX_SAFE_INTEGER };
    const { positions, ...rest } = await this.parked.positions.show(range);
    return { topic, partition, positions: positions.map(positionView), ...rest };
  }

  /** Reads them from their topic, as far as it goes in 10 s; `next` is given back as `offset` to go on. */
  @Post('positions/redrive')
  @HttpCode(200)
  redrivePositions(
    @Body({ schema: RedrivePositions }) request: RedrivePositions,
    @Query({ schema: Nothing }) _query: Nothing,
  ) {
    this.parked.consumed(request.topic);
    return this.parked.positions.redrive(rangeOf(request));
  }

  @Post('positions/discard')
  @HttpCode(200)
  async discardPositions(
    @Body({ schema: DiscardPositions }) { reason, ...request }: DiscardPositions,
    @Headers('authorization') authorization?: string,
  ) {
    this.parked.consumed(request.topic);
    const [by, range] = [userOf(authorization), rangeOf(request)];
    const report = await this.parked.positions.discard(range, { by, reason });
    const place = `${range.topic}[${range.partition}:${range.from}-${range.to}]`;
    this.logger.warn(`${by} discarded ${report.discarded} positions of ${place}: ${reason}`);
    return report;
  }

  /** The last resort for a partition that stands still: its consumer goes on behind this record, which is kept unread. */
  @Post('skip')
  @HttpCode(200)
  async skip(
    @Body({ schema: SkipRecord }) { reason, ...position }: SkipRecord,
    @Headers('authorization') authorization?: string,
  ) {
    this.parked.consumed(position.topic);
    const by = userOf(authorization);
    await this.parked.positions.skip(position, { by, reason });
    this.logger.warn(`${by} had ${position.topic}[${position.partition}:${position.offset}] skipped: ${reason}`);
    return { ...position, skippedBy: by };
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

function rangeOf({ topic, partition, offset, to }: RedrivePositions): PositionRange {
  return { topic, partition, from: offset ?? 0, to: to ?? offset ?? Number.MAX_SAFE_INTEGER };
}

function pageOf(totalElements: number, { page, size }: { page: number; size: number }) {
  return { size, totalElements, totalPages: Math.ceil(totalElements / size), number: page };
}

function userOf(authorization = ''): string {
  const [, credentials = ''] = /^Basic (\S+)$/i.exec(authorization) ?? [];
  return Buffer.from(credentials, 'base64').toString().split(':')[0] || '-';
}
