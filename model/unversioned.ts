import { type Model, step, type Step } from './checker';
import {
  allCommitted,
  type Batch,
  batches,
  type Group,
  type GroupOptions,
  groupSteps,
  nameOf,
  newGroup,
  type Seat,
  withWork,
} from './consumer-group';

/** A record without a key or, where `version` is 0, without a version: those of one customer spread over the partitions. */
export interface PlainRecord {
  readonly timestamp: number;
  readonly version: number;
}

/** The record that a replica was made of, and how far it has seen each partition. */
interface Replica {
  readonly version: number;
  readonly timestamp: number;
  readonly partition: number;
  readonly offset: number;
  /** By partition, one above the highest offset applied; 0 for none. */
  readonly seen: readonly number[];
}

export interface UnversionedState {
  readonly group: Group<{ readonly next: number }>;
  readonly replica: Replica | null;
}

export interface UnversionedRules {
  readonly offsets: 'only above the stored one' | 'not compared';
  readonly timestamps: 'not below the stored one' | 'not compared';
  readonly afterVersioned: 'ignored' | 'applied';
}

export const unversionedRules: UnversionedRules = {
  offsets: 'only above the stored one',
  timestamps: 'not below the stored one',
  afterVersioned: 'ignored',
};

export interface UnversionedOptions extends GroupOptions {
  readonly rules: UnversionedRules;
  readonly partitions: readonly (readonly PlainRecord[])[];
}

/** A replica fed by a producer that knows neither keys nor versions, with re-deliveries and consumers that lost a partition. */
export function unversioned(options: UnversionedOptions): Model<UnversionedState> {
  const { partitions } = options;
  const lengths = partitions.map(({ length }) => length);
  const begin = (_: number, from: number): { next: number } => ({ next: from });
  return {
    initial: { group: newGroup(lengths, options), replica: null },
    steps: (state) => [
      ...groupSteps(state.group, lengths, { batch: options.batch, begin }).map((each) => ({
        ...each,
        next: { ...state, group: each.next },
      })),
      ...batches(state.group).map(({ seat, batch, work }) =>
        applyStep(state, seat, { batch, offset: work.next }, options),
      ),
    ],
    broken: (state) => (allCommitted(state.group, lengths) ? outdated(state.replica, partitions) : undefined),
    done: (state) => allCommitted(state.group, lengths) && outdated(state.replica, partitions) === undefined,
  };
}

function applyStep(
  state: UnversionedState,
  seat: Seat,
  { batch, offset }: { batch: Batch<{ readonly next: number }>; offset: number },
  { partitions, rules }: UnversionedOptions,
): Step<UnversionedState> {
  const { partition } = seat;
  const record = partitions[partition]?.[offset];
  if (!record) throw new Error(`no offset ${offset} in partition ${partition}`);
  const next = offset + 1;
  const group = withWork(state.group, seat, next === batch.to ? null : { next });
  const applies = isApplied(state.replica, { ...record, partition, offset }, rules);
  const replica = applies
    ? replaced(state.replica, { ...record, partition, offset }, partitions.length)
    : state.replica;
  return step(
    () => `${nameOf(seat, batch)} ${applies ? 'applies' : 'drops'} ${told({ ...record, partition, offset })}`,
    { group, replica },
  );
}

type Located = Omit<Replica, 'seen'>;

function isApplied(replica: Replica | null, record: Located, rules: UnversionedRules): boolean {
  if (!replica) return true;
  if (record.version > 0) return record.version > replica.version;
  if (replica.version > 0 && rules.afterVersioned === 'ignored') return false;
  const old = rules.offsets === 'only above the stored one' && record.offset < (replica.seen[record.partition] ?? 0);
  const earlier = rules.timestamps === 'not below the stored one' && record.timestamp < replica.timestamp;
  return !old && !earlier;
}

/** A versioned event replaces the whole document, the positions with it. */
function replaced(replica: Replica | null, record: Located, partitions: number): Replica {
  const unseen = Array.from({ length: partitions }, () => 0);
  if (record.version > 0) return { ...record, seen: unseen };
  return { ...record, seen: (replica?.seen ?? unseen).with(record.partition, record.offset + 1) };
}

/** Some record that the replica should have taken instead. */
function outdated(replica: Replica | null, partitions: UnversionedOptions['partitions']): string | undefined {
  if (!replica) return 'lost: nothing was applied';
  const records = partitions.flatMap((list, partition) =>
    list.map((record, offset) => ({ ...record, partition, offset })),
  );
  const newer = records.find((record) => supersedes(record, replica));
  return newer && `went back: the replica holds ${told(replica)}, superseded by ${told(newer)}`;
}

/** A later timestamp, or the same further on in the partition; equal timestamps of two partitions are left to arrival. */
function supersedes(a: Located, b: Located): boolean {
  if (a.version !== b.version) return a.version > b.version;
  return (
    a.timestamp > b.timestamp || (a.timestamp === b.timestamp && a.partition === b.partition && a.offset > b.offset)
  );
}

function told({ version, timestamp, partition, offset }: Located): string {
  const what = version > 0 ? `v${version}` : `the record of time ${timestamp}`;
  return `${what} (partition ${partition}, offset ${offset})`;
}
