import { step, type Step } from './checker';

/** Records `from` up to, without, `to` of a partition in the hands of one consumer. */
export interface Batch<W> {
  readonly from: number;
  readonly to: number;
  /** The partition was given to the other consumer meanwhile. */
  readonly zombie: boolean;
  /** What is left to do; null when all of it is durable. */
  readonly work: W | null;
}

export interface Partition<W> {
  readonly committed: number;
  readonly owner: Member;
  readonly batches: readonly [Batch<W> | null, Batch<W> | null];
}

/** Two consumers of one group. */
export interface Group<W> {
  readonly partitions: readonly Partition<W>[];
  readonly rebalances: number;
  readonly kills: number;
}

export interface GroupOptions {
  /** Most records in a batch. */
  readonly batch: number;
  readonly rebalances: number;
  readonly kills: number;
}

export type Member = 0 | 1;
export const members: readonly Member[] = [0, 1];

export function newGroup<W>(lengths: readonly number[], { rebalances, kills }: GroupOptions): Group<W> {
  const partition: Partition<W> = { committed: 0, owner: 0, batches: [null, null] };
  return { partitions: lengths.map(() => partition), rebalances, kills };
}

export function consumerName(member: Member): string {
  return member === 0 ? 'X' : 'Y';
}

/** Where a batch is: partition and consumer. */
export interface Seat {
  readonly partition: number;
  readonly member: Member;
}

export function nameOf<W>({ member }: Seat, { zombie }: Batch<W>): string {
  return `${consumerName(member)}${zombie ? ' (no longer the owner)' : ''}`;
}

export function batches<W>(group: Group<W>): { seat: Seat; batch: Batch<W>; work: W }[] {
  return group.partitions.flatMap((each, partition) =>
    members.flatMap((member) => {
      const batch = each.batches[member];
      return batch && batch.work !== null ? [{ seat: { partition, member }, batch, work: batch.work }] : [];
    }),
  );
}

export function withWork<W>(group: Group<W>, { partition, member }: Seat, work: W | null): Group<W> {
  const batch = group.partitions[partition]?.batches[member];
  return batch ? withBatch(group, { partition, member }, { ...batch, work }) : group;
}

/** The batch is given up and will be fetched again. */
export function released<W>(group: Group<W>, seat: Seat): Group<W> {
  return withBatch(group, seat, null);
}

export function allCommitted<W>({ partitions }: Group<W>, lengths: readonly number[]): boolean {
  return partitions.every(
    ({ committed, batches: [x, y] }, index) => committed === lengths[index] && x === null && y === null,
  );
}

export interface Fetching<W> {
  /** Most records in a batch. */
  readonly batch: number;
  readonly begin: (partition: number, from: number, to: number) => W;
  /** Commits what was not worked on yet, as it must not be. */
  readonly commitAtOnce?: boolean;
}

/** Fetching, committing, losing a partition, dying. */
export function groupSteps<W>(group: Group<W>, lengths: readonly number[], fetching: Fetching<W>): Step<Group<W>>[] {
  return [
    ...group.partitions.flatMap((each, partition) => [
      ...fetchSteps(group, { partition, member: each.owner }, lengths[partition] ?? 0, fetching),
      ...members.flatMap((member) => commitSteps(group, { partition, member })),
      ...rebalanceSteps(group, partition, lengths[partition] ?? 0),
    ]),
    ...members.flatMap((member) => killSteps(group, member)),
  ];
}

function fetchSteps<W>(
  group: Group<W>,
  seat: Seat,
  length: number,
  { batch: most, begin, commitAtOnce = false }: Fetching<W>,
): Step<Group<W>>[] {
  const { partition, member } = seat;
  const each = group.partitions[partition];
  if (!each || each.batches[member]) return [];
  const from = each.committed;
  const ends = Array.from({ length: Math.max(0, Math.min(most, length - from)) }, (_, index) => from + index + 1);
  return ends.map((to) => {
    const batch: Batch<W> = { from, to, zombie: false, work: begin(partition, from, to) };
    const what = to === from + 1 ? `offset ${from}` : `offsets ${from} to ${to - 1}`;
    const fetched = withBatch(group, seat, batch);
    return step(
      () => `${consumerName(member)} fetches ${what} of partition ${partition}`,
      commitAtOnce ? withPartition(fetched, partition, { committed: to }) : fetched,
    );
  });
}

function commitSteps<W>(group: Group<W>, seat: Seat): Step<Group<W>>[] {
  const batch = group.partitions[seat.partition]?.batches[seat.member];
  if (!batch || batch.work !== null) return [];
  const freed = withBatch(group, seat, null);
  if (batch.zombie) return [step(() => `${nameOf(seat, batch)}: its commit is refused`, freed)];
  const next = withPartition(freed, seat.partition, { committed: batch.to });
  return [step(() => `${nameOf(seat, batch)} commits offset ${batch.to}`, next)];
}

function rebalanceSteps<W>(group: Group<W>, partition: number, length: number): Step<Group<W>>[] {
  const each = group.partitions[partition];
  if (!each || group.rebalances === 0 || each.committed === length) return [];
  const moved = { ...movedPartition(group, partition, each.owner), rebalances: group.rebalances - 1 };
  return [step(() => `a rebalance takes partition ${partition} from ${consumerName(each.owner)}`, moved)];
}

/** All of its partitions go to the other; it may come back in a later rebalance. */
function killSteps<W>(group: Group<W>, member: Member): Step<Group<W>>[] {
  const busy = group.partitions.some(({ batches }) => batches[member] !== null);
  if (group.kills === 0 || !busy) return [];
  let next: Group<W> = { ...group, kills: group.kills - 1 };
  for (const [partition, { owner }] of group.partitions.entries()) {
    next = withBatch(next, { partition, member }, null);
    if (owner === member) next = movedPartition(next, partition, member);
  }
  return [step(() => `${consumerName(member)} is killed`, next)];
}

function movedPartition<W>(group: Group<W>, partition: number, from: Member): Group<W> {
  const left = group.partitions[partition]?.batches[from];
  const zombie = left ? withBatch(group, { partition, member: from }, { ...left, zombie: true }) : group;
  return withPartition(zombie, partition, { owner: from === 0 ? 1 : 0 });
}

function withBatch<W>(group: Group<W>, { partition, member }: Seat, batch: Batch<W> | null): Group<W> {
  const [x, y] = group.partitions[partition]?.batches ?? [null, null];
  return withPartition(group, partition, { batches: member === 0 ? [batch, y] : [x, batch] });
}

function withPartition<W>(group: Group<W>, partition: number, changes: Partial<Partition<W>>): Group<W> {
  const each = group.partitions[partition];
  return each ? { ...group, partitions: group.partitions.with(partition, { ...each, ...changes }) } : group;
}
