import type { GroupLog } from '../kafka/group-logs';
import { compareOffsets, type Finding } from './gap';

const log = (at: Partial<GroupLog>): GroupLog => ({
  topic: 't',
  partition: 0,
  id: 'cluster/topic',
  isSure: true,
  low: 0,
  end: 100,
  committed: undefined,
  ...at,
});

/** A store that stands there before and after the log is read, or has nothing of the partition. */
const compared = (at: Partial<GroupLog>, own: number | undefined, isAdded = false): Finding =>
  compareOffsets(log(at), own, { before: own, isAdded });

describe("a group's committed offset beside the store's own", () => {
  it.each([
    ['equal', { committed: 40 }, 40],
    ['below: what comes twice is known by its version', { committed: 10 }, 40],
    ['set to the beginning', { committed: 0 }, 40],
    ['behind what retention left', { committed: 30, low: 35 }, 40],
    ['absent, and nothing was ever applied or deleted', {}, 0],
    ['absent, of a topic that may be another one by now', { isSure: false }, 40],
  ])('goes on where it is: %s', (_, at, own) => {
    expect(compared(at, own)).toEqual({ kind: 'continuous' });
  });

  it.each([
    ['what the group has', { committed: 70 }, 70],
    ['the beginning, where the group has nothing', { low: 5 }, 5],
  ])('is taken over by a store that knows nothing of the log: %s', (_, at, offset) => {
    expect(compared(at, undefined)).toEqual({ kind: 'first', offset });
  });

  it.each([
    ['at the end', { committed: 100 }, { goOnAt: 40, gone: 0 }],
    ['one ahead', { committed: 41 }, { goOnAt: 40, gone: 0 }],
    ['and some records are deleted', { committed: 100, low: 60 }, { goOnAt: 60, gone: 20 }],
    ['and all records are deleted', { committed: 100, low: 100 }, { goOnAt: 100, gone: 60 }],
  ])('ahead is a gap: %s', (_, at, expected) => {
    const found = compared(at, 40);
    expect(found).toEqual({ kind: 'gap', committed: at.committed, own: 40, ...expected });
  });

  it('is a gap in a new partition of a known topic, of which the store has applied nothing', () => {
    const found = compared({ committed: 30, low: 2 }, undefined, true);
    expect(found).toEqual({ kind: 'gap', committed: 30, own: 2, goOnAt: 2, gone: 0 });
  });

  it.each([
    ['at its own', {}, { goOnAt: 40, gone: 0 }],
    ['at what is left', { low: 50 }, { goOnAt: 50, gone: 10 }],
  ])('expired: the store goes on %s', (_, at, expected) => {
    expect(compared(at, 40)).toEqual({ kind: 'forgotten', ...expected });
  });

  it.each([
    ['the group', { committed: 60, end: 80 }, 60],
    ['the end', { committed: 90, end: 80 }, 80],
    ['the beginning, where the group has nothing', { low: 3, end: 80 }, 3],
  ])('of a log that ends before it is lowered to %s', (_, at, offset) => {
    expect(compared(at, 95)).toEqual({ kind: 'shortened', offset });
  });

  it.each([
    ['came to it meanwhile', 79],
    ['knew nothing of it before', undefined],
  ])('of a log that grew since its end was read is not lowered, where the store %s', (_, before) => {
    const found = compareOffsets(log({ committed: 60, end: 80 }), 85, { before, isAdded: false });
    expect(found).toEqual({ kind: 'continuous' });
  });
});
