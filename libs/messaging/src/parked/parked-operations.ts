import type { KafkaConsumer } from '../consumer/kafka-consumer';
import { Discard, type DiscardReport, type DiscardTarget } from './discard';
import type { Decree, DiscardedEvents, PageOfDiscarded } from './discarded-events';
import { canonicalLane, type Lane } from './lane';
import type { LaneFilter, LaneHead, LaneListing } from './lane-listing';
import { NotParked, TopicNotConsumed } from './operator-failures';
import type { ParkedEvents } from './parked-events';
import { PositionOperations } from './position-operations';
import type { LaneReport } from './redrive';

/** One call works off so many lanes, and begins no lane after so long: a client goes on behind the last one. */
const MAX_LANES_A_CALL = 1_000;
const MAX_CALL_MS = 10_000;

export interface LaneRange extends LaneFilter {
  /** The lane behind which to begin. */
  readonly after?: string | undefined;
}

/** What an operator does with parked events. */
export class ParkedOperations {
  private readonly discarding: Discard;
  /** The same of what is known by its position. */
  readonly positions: PositionOperations;

  constructor(
    private readonly parts: {
      consumer: KafkaConsumer;
      parked: ParkedEvents;
      listing: LaneListing;
      discarded: DiscardedEvents;
    },
  ) {
    const { consumer, parked, discarded } = parts;
    this.discarding = new Discard(consumer, parked, discarded);
    this.positions = new PositionOperations(consumer, parked);
  }

  /** Throws TopicNotConsumed. */
  consumed(topic: string | undefined): void {
    if (topic !== undefined && !this.parts.consumer.topic(topic)) throw new TopicNotConsumed(topic);
  }

  /** A page of lanes, the longest waiting first, and how many there are. */
  page(filter: LaneFilter, page: { page: number; size: number }): Promise<[LaneHead[], number]> {
    return this.parts.listing.page(filter, page);
  }

  /** A page of what was given up, the latest first, and how much it is. */
  discarded<V>(
    filter: { topic?: string | undefined; lane?: string | undefined },
    page: PageOfDiscarded<V>,
  ): Promise<[V[], number]> {
    const lane = filter.lane && canonicalLane(filter.lane);
    return this.parts.discarded.page({ ...filter, lane }, page);
  }

  /** The lane of this id, in whichever case the aggregate's id is written. Throws NotParked. */
  async lane(id: string): Promise<Lane> {
    const lane = (await this.parts.parked.find(id)) ?? (await this.parts.parked.find(canonicalLane(id)));
    if (!lane) throw new NotParked(id);
    return lane;
  }

  /** Tries a lane now, whatever its turn. Throws NotParked. */
  async redrive(id: string): Promise<LaneReport> {
    const { _id } = await this.lane(id);
    return this.parts.consumer.redriveLane(_id);
  }

  /** Tries lanes one after the other; `next` is what to go on behind when there are more. */
  async redriveAll(range: LaneRange): Promise<{ lanes: LaneReport[]; next?: string }> {
    const until = performance.now() + MAX_CALL_MS;
    const { lanes, next } = await this.preview(range);
    const reports: LaneReport[] = [];
    for (const { _id } of lanes) {
      const last = reports.at(-1);
      if (last && performance.now() > until) return { lanes: reports, next: last.lane };
      reports.push(await this.parts.consumer.redriveLane(_id));
    }
    return { lanes: reports, ...(next !== undefined && { next }) };
  }

  /** The lanes that `redriveAll` would try. */
  async preview(range: LaneRange): Promise<{ lanes: LaneHead[]; next?: string }> {
    const lanes = await this.parts.listing.next(range, MAX_LANES_A_CALL);
    const last = lanes.length === MAX_LANES_A_CALL ? lanes.at(-1) : undefined;
    return { lanes, ...(last && { next: last._id }) };
  }

  /** Throws NotParked, or DiscardRefused. */
  async discard(id: string, target: DiscardTarget, decree: Decree): Promise<DiscardReport> {
    const { _id } = await this.lane(id);
    return this.discarding.execute(_id, target, decree);
  }
}
