import type { KafkaConsumer } from '../consumer/kafka-consumer';
import type { Topic } from '../topic';
import { type Decree, DiscardedEvents } from './discarded-events';
import { aggregateOf, type Lane, type ParkedRecord, versionOf } from './lane';
import { DiscardRefused, NotParked } from './operator-failures';
import type { ParkedEvents } from './parked-events';
import type { LaneReport } from './redrive';

/** What an operator gives up: a version of the lane's aggregate, or the one record at `partition:offset`. */
export type DiscardTarget = { readonly version: number } | { readonly position: string };

export interface DiscardReport {
  readonly lane: string;
  /** Positions of the records that were taken out; none where the version had never arrived. */
  readonly discarded: string[];
  readonly version?: number;
  /** Where the aggregate's gate is now. */
  readonly gate?: number;
  /** What became of the rest of the lane. */
  readonly redriven: LaneReport;
}

const OWN_REDRIVE_MS = 2_000;

interface Choice {
  readonly records: ParkedRecord[];
  readonly version?: number;
}

/**
 * Gives one version up for good. The record is kept with the reason first; then the gate moves past the version, so that the
 * next one can follow and the given up one cannot come back; then the lane loses it, and the rest is redriven (R12). Broken
 * off in between, the same call again completes it.
 */
export class Discard {
  constructor(
    private readonly consumer: KafkaConsumer,
    private readonly parked: ParkedEvents,
    private readonly discarded: DiscardedEvents,
  ) {}

  async execute(id: string, target: DiscardTarget, decree: Decree): Promise<DiscardReport> {
    const lane = await this.parked.find(id);
    if (!lane) throw new NotParked(id);
    const topic = this.consumer.topic(lane.topic);
    const choice = choose(lane, target);
    if (topic?.ordering === 'delta') await this.refuseOutOfOrder(lane, choice);
    else if (choice.records.length === 0) throw new NotParked(`version ${choice.version} of ${id}`);
    const { records, version } = choice;
    await this.discarded.keep(lane, records, { ...decree, ...(version !== undefined && { version }) });
    const gate = await this.moveGate(topic, lane, version);
    await this.parked.release(id, records);
    // what is left fails or succeeds on its own account; a little later by itself, should this call die here
    await this.parked.hasten([id], new Date(Date.now() + OWN_REDRIVE_MS));
    return {
      lane: id,
      discarded: records.map(({ position }) => position),
      ...(version !== undefined && { version }),
      ...(gate !== undefined && { gate }),
      redriven: await this.consumer.redriveLane(id),
    };
  }

  /** A gate that moves past a version moves past all before it: these must not be lost unseen. */
  private async refuseOutOfOrder(lane: Lane, { records, version }: Choice): Promise<void> {
    if (version === undefined) return;
    const lowest = Math.min(...lane.events.map((event) => versionOf(event) ?? Infinity));
    if (version > lowest) {
      throw new DiscardRefused(`Version ${lowest} of ${lane._id} comes before version ${version}.`, {
        lowest,
        version,
      });
    }
    if (records.length > 0) return;
    const gate = await this.gateOf(lane)?.(0);
    if (gate === undefined) throw new NotParked(`version ${version} of ${lane._id}`);
    if (version <= gate) throw new DiscardRefused(`${lane._id} is at version ${gate} already.`, { gate, version });
  }

  /** Only a delta needs every version: on other topics nothing waits for the one that is given up. */
  private async moveGate(topic: Topic<unknown> | undefined, lane: Lane, version?: number): Promise<number | undefined> {
    if (topic?.ordering !== 'delta' || version === undefined) return undefined;
    return this.gateOf(lane)?.(version);
  }

  private gateOf(lane: Lane): ((version: number) => Promise<number | undefined>) | undefined {
    const id = aggregateOf(lane);
    const gate = this.consumer.gateOf(lane.topic);
    return id === undefined || !gate ? undefined : (version) => gate({ id, version });
  }
}

/** A record that has a version is given up with all others of that version. */
function choose(lane: Lane, target: DiscardTarget): Choice {
  if ('version' in target) return ofVersion(lane, target.version);
  const record = lane.events.find(({ position }) => position === target.position);
  if (!record) throw new NotParked(`${target.position} of ${lane._id}`);
  const version = versionOf(record);
  return version === undefined ? { records: [record] } : ofVersion(lane, version);
}

function ofVersion({ events }: Lane, version: number): Choice {
  return { records: events.filter((event) => versionOf(event) === version), version };
}
