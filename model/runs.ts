import { check, type Checked, type Model } from './checker';
import { consumer, type ConsumerRules, consumerRules, type StateRecord } from './consumer';
import { creation, type CreationRules, creationRules } from './creation';
import { failover, type FailoverRules, failoverRules } from './failover';
import { lane } from './lane';
import { type LaneOptions, type LaneRules, laneRules, type ParkableRecord } from './lane-state';
import { publisher } from './publisher';
import { type Allowance, type PublisherRules, publisherRules } from './publisher-state';
import { type OutcomeRules, outcomeRules, unknownOutcome } from './unknown-outcome';
import { type PlainRecord, unversioned, type UnversionedRules, unversionedRules } from './unversioned';

export type Run = () => Checked;

/** A model that is larger than this fails, rather than pass unseen. */
const MOST_STATES = 2_000_000;

function run<S extends object>(model: Model<S>): Run {
  return () => check(model, MOST_STATES);
}

const nothing: Allowance = {
  silentWrites: 0,
  kills: 0,
  lostResponses: 0,
  lateRequests: 0,
  forgotten: 0,
  failedClears: 0,
  earlySweeps: 0,
};

type Publishing = Partial<Allowance> & { writes: number; watchTail?: boolean };

export function publishing(bounds: Publishing, rules: Partial<PublisherRules> = {}): Run {
  const { writes, watchTail = false, ...allowance } = bounds;
  return run(
    publisher({ rules: { ...publisherRules, ...rules }, writes, watchTail, allowance: { ...nothing, ...allowance } }),
  );
}

export function failingOver(rules: Partial<FailoverRules> = {}): Run {
  return run(failover({ rules: { ...failoverRules, ...rules }, writers: 3, failovers: 1 }));
}

export function answering(rules: Partial<OutcomeRules> = {}): Run {
  return run(unknownOutcome({ rules: { ...outcomeRules, ...rules }, ring: 2, others: 3, breaks: 2 }));
}

const group = { batch: 2, rebalances: 2, kills: 1 };

/** The records of a log, and what the replica must hold when all of them are consumed. */
export function replicating(
  log: readonly StateRecord[],
  expected: StateRecord,
  rules: Partial<ConsumerRules> = {},
): Run {
  return run(consumer({ ...group, rules: { ...consumerRules, ...rules }, log, expected }));
}

export function state(version: number, life = 1): StateRecord {
  return { version, deleted: false, life };
}

export function tombstone(version: number): StateRecord {
  return { version, deleted: true, life: 1 };
}

export function creating(rules: Partial<CreationRules> = {}): Run {
  return run(creation({ ...creationRules, ...rules }));
}

export function replicatingPlain(
  partitions: readonly (readonly PlainRecord[])[],
  rules: Partial<UnversionedRules> = {},
): Run {
  return run(unversioned({ ...group, rules: { ...unversionedRules, ...rules }, partitions }));
}

/** A record with nothing but a timestamp, and one that also has a version. */
export function plain(timestamp: number, version = 0): PlainRecord {
  return { timestamp, version };
}

const parkingBounds = {
  batch: 2,
  rebalances: 1,
  kills: 1,
  redrivers: 1,
  redriverKills: 1,
  refusals: 1,
  discards: 0,
  cap: 9,
} satisfies Partial<LaneOptions>;

type Parking = Pick<LaneOptions, 'ordering' | 'partitions'> & Partial<LaneOptions>;

export function parking(setting: Omit<Parking, 'rules'>, rules: Partial<LaneRules> = {}): Run {
  return run(lane({ ...parkingBounds, ...setting, rules: { ...laneRules, ...rules } }));
}

/** Events of these versions, in this order; a negative one cannot be read by any handler. */
export function events(...versions: number[]): Pick<ParkableRecord, 'version' | 'poison'>[] {
  return versions.map((version) => ({ version: Math.abs(version), poison: version < 0 }));
}
