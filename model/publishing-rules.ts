import type { Rule } from './rule';
import { answering, failingOver, publishing } from './runs';

type Name = 'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R6' | 'R7';

export const publishingRules: Readonly<Record<Name, Rule>> = {
  R1: {
    says: 'every write that pushes an outbox entry also marks the document, whatever outbox it had loaded',
    breaches: [
      {
        instead: 'the mark is set only where the loaded outbox was empty',
        leadsTo: 'forgotten',
        run: publishing({ writes: 2, kills: 1 }, { mark: 'where the loaded outbox was empty' }),
      },
    ],
  },
  R2: {
    says: 'the mark is unset only by an update whose filter proves that nothing else is pending',
    breaches: [
      {
        instead: 'the outbox is emptied without proof',
        leadsTo: 'lost',
        run: publishing({ writes: 2 }, { clear: 'unproved' }),
      },
      {
        instead: 'the mark is unset because the own memory is empty',
        leadsTo: 'forgotten',
        run: publishing({ writes: 2, kills: 1 }, { clear: 'unmarked from memory' }),
      },
    ],
  },
  R3: {
    says: 'the whole outbox is published, in version order, a part only after the part before it is acknowledged',
    breaches: [
      {
        instead: 'a process publishes only what it wrote itself',
        leadsTo: 'out of order',
        run: publishing({ writes: 2 }, { unit: 'own entry' }),
      },
      {
        instead: 'the next part is sent before the one before it is acknowledged',
        leadsTo: 'out of order',
        run: publishing({ writes: 2, lateRequests: 1 }, { flights: 'overlapping' }),
      },
    ],
  },
  R4: {
    says: 'an aggregate leaves the memory of the publisher whole, and is read again',
    breaches: [
      {
        instead: 'its oldest entry leaves memory',
        leadsTo: 'out of order',
        run: publishing({ writes: 2, forgotten: 1 }, { forget: 'oldest entry' }),
      },
    ],
  },
  R5: {
    says: 'what may still be rolled back is neither published nor built on',
    breaches: [
      {
        instead: 'the sweep reads from the primary what no majority has',
        leadsTo: 'untrue',
        run: failingOver({ sweepReads: 'the primary' }),
      },
      {
        instead: 'the filter of a write names the loaded version, not the last write with it',
        leadsTo: 'lost',
        run: failingOver({ writeNames: 'version' }),
      },
    ],
  },
  R6: {
    says: 'a write with unknown outcome is repeated only after looking for its id in the ring on the document',
    breaches: [
      {
        instead: 'it is made again without looking',
        leadsTo: 'twice',
        run: answering({ look: 'nowhere' }),
      },
      {
        instead: 'it is looked for in the outbox',
        leadsTo: 'twice',
        run: answering({ look: 'outbox' }),
      },
      {
        instead: 'not in the ring counts as never made, even when the ring has forgotten',
        leadsTo: 'twice',
        run: answering({ pastTheRing: 'never' }),
      },
      {
        instead: 'a majority that is behind the loaded version counts as never made',
        leadsTo: 'twice',
        run: answering({ behind: 'never' }),
      },
      {
        instead: 'a repeated write that matches nothing counts as a conflict',
        leadsTo: 'twice',
        run: answering({ repeatRefused: 'start again' }),
      },
    ],
  },
  R7: {
    says: 'who was overtaken sends the newest again; reconciliation compares the tail of the topic with the owner',
    breaches: [
      {
        instead: 'who was overtaken sends nothing again',
        leadsTo: 'stale tail',
        run: publishing({ writes: 2, watchTail: true }, { resend: 'never', reconcile: 'never' }),
      },
      {
        instead: 'nothing is reconciled after a kill',
        leadsTo: 'stale tail',
        run: publishing({ writes: 2, watchTail: true, kills: 1 }, { reconcile: 'never' }),
      },
      {
        instead: 'nothing is reconciled after a late request',
        leadsTo: 'stale tail',
        run: publishing({ writes: 2, watchTail: true, lateRequests: 1 }, { reconcile: 'never' }),
      },
      {
        instead: 'nothing is reconciled after the memory was full',
        leadsTo: 'stale tail',
        run: publishing({ writes: 2, watchTail: true, forgotten: 1 }, { reconcile: 'never' }),
      },
    ],
  },
};
