import type { Group, GroupOptions } from './consumer-group';
import { has, highest, none, only, union, upTo, type Versions, without } from './versions';

/** `poison`: no handler will ever take this record. */
export interface ParkableRecord {
  readonly version: number;
  /** Version of the event before it. */
  readonly previous: number;
  readonly poison: boolean;
  readonly partition: number;
  readonly offset: number;
}

/** A record by its number among all records of the configuration: its position. */
export type Position = number;

/** What a consumer has still to do with a batch. */
export interface Work {
  readonly phase: 'look at positions' | 'look' | 'handle' | 'append' | 'open' | 'supersede';
  /** The lane held something when it was looked at. */
  readonly held: boolean;
  /** Positions were kept when they were looked at. */
  readonly behindPositions: boolean;
  readonly parkings: readonly Position[];
  /** The highest version of the batch that is in the store: what is parked up to it is superseded. */
  readonly superseding: number;
}

export interface Redriver {
  readonly phase:
    | 'rests'
    | 'chooses'
    | 'retries'
    | 'releases'
    | 'removes'
    | 'looks at the lane'
    | 'reads the topic'
    | 'moves into the lane'
    | 'forgets the position';
  readonly position: Position;
  /** What has failed in this turn. */
  readonly tried: readonly Position[];
}

export interface Operator {
  readonly phase: 'rests' | 'moves the gate' | 'removes';
  readonly position: Position;
}

export interface LaneState {
  readonly group: Group<Work>;
  /** The version that the document's gate has let through. */
  readonly gate: number;
  /** Versions whose effect the document has (of deltas). */
  readonly effects: Versions;
  readonly discarded: Versions;
  readonly lane: readonly Position[] | null;
  /** What did not fit the lane: known by its position only, in the order of the offsets. */
  readonly kept: readonly Position[];
  readonly redrivers: readonly Redriver[];
  readonly operator: Operator;
  readonly left: { readonly refusals: number; readonly redriverKills: number; readonly discards: number };
}

/** How each rule is followed; the first value is the rule, the others are what goes wrong without it. */
export interface LaneRules {
  readonly gap: 'parked' | 'applied' | 'dropped' | 'guessed from the version';
  readonly duplicate: 'dropped' | 'applied again';
  readonly look: 'after each fetch' | 'never';
  readonly sameBatch: 'waits behind' | 'goes on';
  readonly append: 'once a position' | 'each time';
  readonly onDuplicateKey: 'append again' | 'taken for done';
  readonly atCap: 'keeps the position' | 'skip';
  readonly keptFirst: 'behind its lane and earlier positions' | 'at any time';
  readonly offset: 'after parking' | 'before parking';
  readonly belowGate: 'never parked' | 'parked';
  readonly redrive: 'automatic' | 'never';
  readonly order: 'newest state, lowest delta' | 'lowest version' | 'first parked';
  readonly release: 'by position' | 'the first';
  readonly removal: 'when empty' | 'always';
  readonly discard: 'gate first, then all of the version' | 'the entry alone';
}

export const laneRules: LaneRules = {
  gap: 'parked',
  duplicate: 'dropped',
  look: 'after each fetch',
  sameBatch: 'waits behind',
  append: 'once a position',
  onDuplicateKey: 'append again',
  atCap: 'keeps the position',
  keptFirst: 'behind its lane and earlier positions',
  offset: 'after parking',
  belowGate: 'never parked',
  redrive: 'automatic',
  order: 'newest state, lowest delta',
  release: 'by position',
  removal: 'when empty',
  discard: 'gate first, then all of the version',
};

export interface LaneOptions extends GroupOptions {
  readonly rules: LaneRules;
  /** `unversioned`: deltas of a producer that does not version; here a version only tells the order they were made in. */
  readonly ordering: 'state' | 'delta' | 'unversioned delta';
  readonly partitions: readonly (readonly Pick<ParkableRecord, 'version' | 'poison'>[])[];
  readonly redrivers: number;
  readonly redriverKills: number;
  /** How often a handler refuses what it would take another time. */
  readonly refusals: number;
  readonly discards: number;
  /** Most entries in a lane. */
  readonly cap: number;
}

/** The options with every record under its position. */
export interface LaneSetting extends LaneOptions {
  readonly records: readonly ParkableRecord[];
  readonly versions: Versions;
}

export function settingOf(options: LaneOptions): LaneSetting {
  const versions = options.partitions.flat().reduce((all, { version }) => union(all, only(version)), none);
  const records = options.partitions.flatMap((list, partition) =>
    list.map((record, offset) => ({
      ...record,
      previous: highest(upTo(versions, record.version - 1)),
      partition,
      offset,
    })),
  );
  return { ...options, records, versions };
}

export function recordAt({ records }: LaneSetting, position: Position): ParkableRecord {
  const record = records[position];
  if (!record) throw new Error(`there is no record ${position}`);
  return record;
}

export function positionsOf({ records }: LaneSetting, partition: number, from: number, to: number): Position[] {
  return [...records.keys()].filter((position) => {
    const record = records[position];
    return record?.partition === partition && record.offset >= from && record.offset < to;
  });
}

export type Decision = 'applied' | 'duplicate' | 'gap' | 'refused';
export type Effect = Pick<LaneState, 'gate' | 'effects' | 'discarded'>;

/** What the handler says to a record, by what the document holds: one atomic step, as it is one write of one document. */
export function decide({ gate, effects }: Effect, record: ParkableRecord, { ordering, rules }: LaneSetting): Decision {
  const { version, previous, poison } = record;
  if (poison && rules.belowGate === 'parked') return 'refused';
  const known = ordering === 'unversioned delta' ? has(effects, version) : version <= gate;
  if (known) return rules.duplicate === 'dropped' ? 'duplicate' : 'applied';
  if (poison) return 'refused';
  const expected = rules.gap === 'guessed from the version' ? version - 1 : previous;
  if (ordering !== 'delta' || gate === expected || rules.gap === 'applied') return 'applied';
  return rules.gap === 'dropped' ? 'duplicate' : 'gap';
}

/** The document with the record's effect; `broken` where it should not have had it, or not yet. */
export function applied(
  effect: Effect,
  { version }: ParkableRecord,
  { ordering, versions }: LaneSetting,
): Effect & { broken?: string } {
  const { gate, effects, discarded } = effect;
  const after = { gate: Math.max(gate, version), effects, discarded };
  if (ordering === 'state') return after;
  if (has(effects, version)) return { ...after, broken: `twice: v${version} is applied again` };
  const missing = without(upTo(versions, version - 1), union(effects, discarded));
  const now = { ...after, effects: union(effects, only(version)) };
  return missing ? { ...now, broken: `out of order: v${version} is applied before v${highest(missing)}` } : now;
}

/** What is left of a lane once this version is in the store. */
export function superseded(lane: LaneState['lane'], version: number, setting: LaneSetting): LaneState['lane'] {
  return lane?.filter((position) => recordAt(setting, position).version > version) ?? null;
}

export function told(position: Position, setting: LaneSetting): string {
  const { version, poison, partition, offset } = recordAt(setting, position);
  return `${poison ? 'unreadable ' : ''}v${version} (${partition}:${offset})`;
}

/** With one more, in the order of the offsets. */
export function keptWith(kept: readonly Position[], position: Position): readonly Position[] {
  return kept.includes(position) ? kept : [...kept, position].toSorted((a, b) => a - b);
}

export function toldLane(lane: readonly Position[] | null, setting: LaneSetting): string {
  return lane ? `lane [${lane.map((position) => told(position, setting)).join(', ')}]` : 'no lane';
}
