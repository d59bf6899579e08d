import {
  answering,
  creating,
  events,
  failingOver,
  parking,
  plain,
  publishing,
  replicating,
  replicatingPlain,
  type Run,
  state,
  tombstone,
} from './runs';

export interface Configuration {
  readonly name: string;
  readonly run: Run;
}

/** What must hold while every rule is followed. */
export const configurations: readonly Configuration[] = [
  {
    name: 'publisher: 3 writes, one of them silent; a kill',
    run: publishing({ writes: 3, silentWrites: 1, kills: 1 }),
  },
  {
    name: 'publisher: 2 writes; a kill, a lost answer, a late request, a full memory, a failed clear',
    run: publishing({ writes: 2, kills: 1, lostResponses: 1, lateRequests: 1, forgotten: 1, failedClears: 1 }),
  },
  {
    name: 'publisher: 2 writes; a late request, a sweep at any time',
    run: publishing({ writes: 2, lateRequests: 1, earlySweeps: 1 }),
  },
  {
    name: 'publisher: the newest event ends up last; 3 writes',
    run: publishing({ writes: 3, watchTail: true }, { reconcile: 'never' }),
  },
  {
    name: 'publisher: the newest event ends up last; a lost answer, a failed clear, a sweep at any time',
    run: publishing(
      { writes: 2, watchTail: true, lostResponses: 1, failedClears: 1, earlySweeps: 1 },
      { reconcile: 'never' },
    ),
  },
  {
    name: 'publisher: the newest event is last after reconciliation; a kill, a late request, a full memory',
    run: publishing({ writes: 2, watchTail: true, kills: 1, lateRequests: 1, forgotten: 1 }),
  },
  { name: 'failover: 3 writers, the sweep; one failover', run: failingOver() },
  { name: 'unknown outcome: 2 broken connections, 3 other writes, a ring of 2', run: answering() },
  {
    name: 'replica: v1 v2 v3 v1; 2 rebalances, a kill',
    run: replicating([state(1), state(2), state(3), state(1)], state(3)),
  },
  {
    name: 'replica: v1, deleted at v2, v1 again; 2 rebalances, a kill',
    run: replicating([state(1), tombstone(2), state(1)], tombstone(2)),
  },
  {
    name: 'replica: v1, deleted at v2, revived at v3, v1 again; 2 rebalances, a kill',
    run: replicating([state(1), tombstone(2), state(3, 2), state(1)], state(3, 2)),
  },
  { name: 'creation: one request at two consumers, another index in the way', run: creating() },
  {
    name: 'unversioned: two partitions of two, equal timestamps; 2 rebalances, a kill',
    run: replicatingPlain([
      [plain(1), plain(1)],
      [plain(1), plain(2)],
    ]),
  },
  {
    name: 'unversioned: a versioned record among them; 2 rebalances, a kill',
    run: replicatingPlain([[plain(1), plain(1, 1)], [plain(2)]]),
  },
  {
    name: 'lane: deltas v1 v2 v1 v3, one refused; a rebalance, kills',
    run: parking({ ordering: 'delta', partitions: [events(1, 2, 1, 3)] }),
  },
  {
    name: 'lane: deltas v1 v2 v3, one refused; two redrivers, a rebalance, a kill',
    run: parking({ ordering: 'delta', partitions: [events(1, 2, 3)], redrivers: 2, redriverKills: 0 }),
  },
  {
    name: 'lane: deltas v2 v3 and v1 in two partitions, one refused; a rebalance',
    run: parking({ ordering: 'delta', partitions: [events(2, 3), events(1)], kills: 0 }),
  },
  {
    name: 'lane: deltas v1 v3 of an owner whose v2 was silent, one refused; a rebalance, kills',
    run: parking({ ordering: 'delta', partitions: [events(1, 3)] }),
  },
  {
    name: 'lane: deltas, an unreadable copy of v1 between v1 and v2, one refused; a rebalance, kills',
    run: parking({ ordering: 'delta', partitions: [events(1, -1, 2)] }),
  },
  {
    name: 'lane: deltas, v1 unreadable and twice, discarded once, one refused; a rebalance',
    run: parking({ ordering: 'delta', partitions: [events(-1, 2, -1)], discards: 1, kills: 0 }),
  },
  {
    name: 'lane: deltas, v1 unreadable, a lane of 2; a discard, a rebalance',
    run: parking({ ordering: 'delta', partitions: [events(-1, 2, 3)], discards: 1, kills: 0, refusals: 0, cap: 2 }),
  },
  {
    name: 'lane: deltas without a version, one refused, a lane of 1: positions only; a rebalance',
    run: parking({ ordering: 'unversioned delta', partitions: [events(1, 2, 3)], kills: 0, cap: 1 }),
  },
  {
    name: 'lane: states, v1 unreadable, v2 refused once, nobody discards; a rebalance, kills',
    run: parking({ ordering: 'state', partitions: [events(-1, 2)] }),
  },
  {
    name: 'lane: states, v1 unreadable and twice, discarded once, one refused; a rebalance',
    run: parking({ ordering: 'state', partitions: [events(-1, 2, -1)], discards: 1, kills: 0 }),
  },
  {
    name: 'lane: deltas without versions, one refused; a rebalance, kills',
    run: parking({ ordering: 'unversioned delta', partitions: [events(1, 2, 3)] }),
  },
];
