import type { Rule } from './rule';
import { creating, events, parking, plain, replicating, replicatingPlain, state, tombstone } from './runs';

type Name = 'R8' | 'R9' | 'R10' | 'R11';

const acrossPartitions = { ordering: 'delta', partitions: [events(2), events(1)] } as const;

export const consumingRules: Readonly<Record<Name, Rule>> = {
  R8: {
    says: 'a gated upsert is run once more after E11000; a creating insert confirms by _id what it calls a duplicate',
    breaches: [
      {
        instead: 'the first E11000 counts as a duplicate',
        leadsTo: 'wrong',
        run: replicating([state(1), state(2)], state(2), { onDuplicateKey: 'count as a duplicate' }),
      },
      {
        instead: 'a creating insert takes any E11000 for a duplicate',
        leadsTo: 'lost',
        run: creating({ onDuplicateKey: 'count as a duplicate' }),
      },
      {
        instead: 'what a request creates gets a new id each time',
        leadsTo: 'twice',
        run: creating({ id: 'new each time' }),
      },
    ],
  },
  R9: {
    says: 'a deleted document keeps its id and version; a revived one goes on from there',
    breaches: [
      {
        instead: 'a tombstone removes the replica',
        leadsTo: 'wrong',
        run: replicating([state(1), tombstone(2), state(1)], tombstone(2), { tombstone: 'removes the document' }),
      },
      {
        instead: 'a deleted id begins again at version 1',
        leadsTo: 'wrong',
        run: replicating([state(1), tombstone(2), state(1, 2)], state(1, 2)),
      },
    ],
  },
  R10: {
    says: 'a delta is applied where the stored version is the one before it, dropped at or below it, parked on a gap',
    breaches: [
      {
        instead: 'it is applied whatever it follows',
        leadsTo: 'out of order',
        run: parking(acrossPartitions, { gap: 'applied' }),
      },
      {
        instead: 'it is dropped on a gap',
        leadsTo: 'lost',
        run: parking(acrossPartitions, { gap: 'dropped' }),
      },
      {
        instead: 'a gap is guessed from the version, without the previous one',
        leadsTo: 'stuck',
        run: parking({ ordering: 'delta', partitions: [events(1, 3)] }, { gap: 'guessed from the version' }),
      },
      {
        instead: 'it is applied at or below the stored version',
        leadsTo: 'twice',
        run: parking({ ordering: 'delta', partitions: [events(1, 2)] }, { duplicate: 'applied again' }),
      },
    ],
  },
  R11: {
    says: 'a record without a version is applied above the stored offset and not below the stored timestamp only',
    breaches: [
      {
        instead: 'offsets are not compared',
        leadsTo: 'went back',
        run: replicatingPlain([[plain(1), plain(1)], [plain(1)]], { offsets: 'not compared' }),
      },
      {
        instead: 'timestamps are not compared',
        leadsTo: 'went back',
        run: replicatingPlain([[plain(1), plain(1)], [plain(2)]], { timestamps: 'not compared' }),
      },
      {
        instead: 'it overwrites what a versioned event told',
        leadsTo: 'went back',
        run: replicatingPlain([[plain(1), plain(1, 1)], [plain(2)]], { afterVersioned: 'applied' }),
      },
    ],
  },
};
