import type { LaneRules } from './lane-state';
import type { Kind, Rule } from './rule';
import { events, parking, type Run } from './runs';

export const parkingRules: Readonly<Record<'R12', Rule>> = {
  R12: {
    says:
      'append once a position, then the offset; redrive by itself, the lowest delta or the newest state first; take out by ' +
      'position, delete when empty; discard moves the gate first, nothing up to it is parked; at the cap keep the ' +
      'position, whose turn comes behind its lane and earlier positions',
    breaches: [
      breach('a record is appended each time it comes', 'copies', deltas(events(1, 2), { append: 'each time' })),
      breach(
        'E11000 on opening a lane is taken for done',
        'lost',
        deltas(events(1, 2), { onDuplicateKey: 'taken for done' }, { refusals: 2 }),
      ),
      breach(
        'deltas without a version do not look at their lane',
        'out of order',
        parking({ ordering: 'unversioned delta', partitions: [events(1, 2)] }, { look: 'never' }),
      ),
      breach(
        'deltas without a version pass a refused one of their batch',
        'out of order',
        parking({ ordering: 'unversioned delta', partitions: [events(1, 2)] }, { sameBatch: 'goes on' }),
      ),
      breach(
        'the offset is committed before the record is parked',
        'lost',
        deltas(events(1, 2), { offset: 'before parking' }),
      ),
      breach('only people redrive', 'stuck', deltas(events(1, 2), { redrive: 'never' })),
      breach(
        'a redrive takes the first parked, and waits where it fails',
        'stuck',
        parking({ ordering: 'delta', partitions: [events(2), events(1)], rebalances: 0 }, { order: 'first parked' }),
      ),
      breach(
        'a redrive of states begins with the lowest, and waits where it fails',
        'stuck',
        parking({ ordering: 'state', partitions: [events(-1, 2)] }, { order: 'lowest version', belowGate: 'parked' }),
      ),
      breach(
        'a redrive takes out the first entry, not the one it applied',
        'lost',
        deltas(events(1, 2), { release: 'the first' }, { redrivers: 2 }),
      ),
      breach('a redrive deletes the lane whatever is in it', 'lost', deltas(events(1, 2), { removal: 'always' })),
      breach(
        'a discard leaves the gate alone',
        'stuck',
        deltas(events(-1, 2), { discard: 'the entry alone' }, { discards: 2 }),
      ),
      breach(
        'what is at or below the gate is parked, and a redrive stops at it',
        'stuck',
        deltas(events(1, -1, 2), { belowGate: 'parked' }),
      ),
      breach(
        'an unreadable state below the gate is parked',
        'stuck',
        parking({ ordering: 'state', partitions: [events(2, -1)] }, { belowGate: 'parked' }),
      ),
      breach(
        'one discard does not discard the copies that come later',
        'stuck',
        deltas(events(-1, 2, -1), { belowGate: 'parked' }, { discards: 1 }),
      ),
      breach(
        'at the cap the record is passed over',
        'lost',
        deltas(events(-1, 2), { atCap: 'skip' }, { discards: 1, cap: 1 }),
      ),
      breach(
        'a record that is kept by its position goes before its lane',
        'out of order',
        parking(
          { ordering: 'unversioned delta', partitions: [events(1, 2, 3)], kills: 0, cap: 1 },
          { keptFirst: 'at any time' },
        ),
      ),
    ],
  },
};

function breach(instead: string, leadsTo: Kind, run: Run): Rule['breaches'][number] {
  return { instead, leadsTo, run };
}

/** Deltas of one partition. */
function deltas(
  records: ReturnType<typeof events>,
  rules: Partial<LaneRules>,
  bounds: { refusals?: number; redrivers?: number; discards?: number; cap?: number } = {},
): Run {
  return parking({ ordering: 'delta', partitions: [records], ...bounds }, rules);
}
