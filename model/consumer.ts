import { type Model, step, type Step } from './checker';
import {
  allCommitted,
  batches,
  type Group,
  type GroupOptions,
  groupSteps,
  nameOf,
  newGroup,
  type Seat,
  withWork,
} from './consumer-group';

/** A state event: the whole state, or a tombstone. `life` counts how often the id came into being. */
export interface StateRecord {
  readonly version: number;
  readonly deleted: boolean;
  readonly life: number;
}

/** One upsert of a batch: the newest of its versions. The server looks for a match first and inserts then; others may come between. */
interface Upsert {
  readonly record: StateRecord;
  readonly phase: 'match' | 'insert';
  readonly attempt: number;
}

export interface ConsumerState {
  readonly group: Group<Upsert>;
  readonly replica: StateRecord | null;
}

export interface ConsumerRules {
  readonly onDuplicateKey: 'once more' | 'count as a duplicate';
  readonly tombstone: 'keeps the version' | 'removes the document';
}

export const consumerRules: ConsumerRules = { onDuplicateKey: 'once more', tombstone: 'keeps the version' };

export interface ConsumerOptions extends GroupOptions {
  readonly rules: ConsumerRules;
  readonly log: readonly StateRecord[];
  /** What the replica must hold in the end. */
  readonly expected: StateRecord;
}

/** The replica of one aggregate, fed by a state topic with duplicates, re-deliveries, and consumers that lost their partition. */
export function consumer(options: ConsumerOptions): Model<ConsumerState> {
  const { log, expected } = options;
  const lengths = [log.length];
  const begin = (_: number, from: number, to: number): Upsert => upsertOf(log.slice(from, to));
  const finished = ({ group }: ConsumerState): boolean => allCommitted(group, lengths);
  const right = ({ replica }: ConsumerState): boolean =>
    expected.deleted ? (replica?.deleted ?? true) : told(replica) === told(expected);
  return {
    initial: { group: newGroup(lengths, options), replica: null },
    steps: (state) => [
      ...groupSteps(state.group, lengths, { batch: options.batch, begin }).map((each) => ({
        ...each,
        next: { ...state, group: each.next },
      })),
      ...batches(state.group).map(({ seat, batch, work }) => {
        const { label, next } = upsertStep(state, seat, work, options.rules);
        return step(() => `${nameOf(seat, batch)} ${label()}`, next);
      }),
    ],
    broken: (state) =>
      finished(state) && !right(state)
        ? `wrong: everything is consumed, the replica holds ${told(state.replica)}, the owner ${told(expected)}`
        : undefined,
    done: (state) => finished(state) && right(state),
  };
}

function upsertOf(records: readonly StateRecord[]): Upsert {
  const record = records.reduce((newest, next) => (next.version > newest.version ? next : newest));
  return { record, phase: 'match', attempt: 1 };
}

function upsertStep(state: ConsumerState, seat: Seat, upsert: Upsert, rules: ConsumerRules): Step<ConsumerState> {
  return upsert.phase === 'match' ? match(state, seat, upsert, rules) : insert(state, seat, upsert, rules);
}

function match(state: ConsumerState, seat: Seat, upsert: Upsert, rules: ConsumerRules): Step<ConsumerState> {
  const { replica, group } = state;
  const { record } = upsert;
  if (replica === null || replica.version >= record.version) {
    return step(() => `upserts ${told(record)}: no document below v${record.version}, goes on to insert`, {
      ...state,
      group: withWork(group, seat, { ...upsert, phase: 'insert' }),
    });
  }
  return step(() => `upserts ${told(record)} over ${told(replica)}`, {
    replica: stored(record, rules),
    group: withWork(group, seat, null),
  });
}

function insert(state: ConsumerState, seat: Seat, upsert: Upsert, rules: ConsumerRules): Step<ConsumerState> {
  const { replica, group } = state;
  const { record, attempt } = upsert;
  if (replica === null) {
    const next = { replica: stored(record, rules), group: withWork(group, seat, null) };
    return step(() => `inserts ${told(record)}`, next);
  }
  if (attempt === 1 && rules.onDuplicateKey === 'once more') {
    const again: Upsert = { ...upsert, phase: 'match', attempt: 2 };
    return step(() => 'meets E11000 and tries once more', { ...state, group: withWork(group, seat, again) });
  }
  return step(() => `meets E11000 and takes ${told(record)} for a duplicate`, {
    ...state,
    group: withWork(group, seat, null),
  });
}

function stored(record: StateRecord, { tombstone }: ConsumerRules): StateRecord | null {
  return record.deleted && tombstone === 'removes the document' ? null : record;
}

function told(record: StateRecord | null): string {
  if (!record) return 'nothing';
  const { version, deleted, life } = record;
  return `v${version}${deleted ? ' (deleted)' : ''}${life > 1 ? ` of life ${life}` : ''}`;
}
