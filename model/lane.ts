import type { Model } from './checker';
import { allCommitted, groupSteps, newGroup } from './consumer-group';
import { consumerSteps } from './lane-consumer';
import { positionSteps } from './lane-positions';
import { away, discardSteps, redriveSteps, resting } from './lane-redrive';
import { type LaneOptions, type LaneSetting, type LaneState, settingOf, type Work } from './lane-state';
import { highest, listed, none, union, without } from './versions';

/** The events of one aggregate, consumed by two consumers, parked in its lane, redriven and discarded. */
export function lane(options: LaneOptions): Model<LaneState> {
  const setting = settingOf(options);
  const lengths = options.partitions.map(({ length }) => length);
  const begin = (): Work => ({
    phase: options.ordering === 'unversioned delta' ? 'look at positions' : 'handle',
    held: false,
    behindPositions: false,
    parkings: [],
    superseding: 0,
  });
  const fetching = { batch: options.batch, begin, commitAtOnce: options.rules.offset === 'before parking' };
  const settled = (state: LaneState): boolean =>
    allCommitted(state.group, lengths) &&
    state.operator.phase === 'rests' &&
    state.redrivers.every(({ phase }) => phase === 'rests');
  const finished = (state: LaneState): boolean => settled(state) && state.lane === null && state.kept.length === 0;
  return {
    initial: initialState(options, lengths),
    steps: (state) => [
      ...groupSteps(state.group, lengths, fetching).map((each) => ({ ...each, next: { ...state, group: each.next } })),
      ...consumerSteps(state, setting),
      ...redriveSteps(state, setting),
      ...positionSteps(state, setting),
      ...discardSteps(state, setting),
    ],
    broken: (state) => copies(state) ?? (finished(state) ? missing(state, setting) : undefined),
    done: (state) => finished(state) && missing(state, setting) === undefined,
    settled,
  };
}

function initialState(options: LaneOptions, lengths: readonly number[]): LaneState {
  const { refusals, redriverKills, discards } = options;
  return {
    group: newGroup(lengths, options),
    gate: 0,
    effects: none,
    discarded: none,
    lane: null,
    kept: [],
    redrivers: Array.from({ length: options.redrivers }, () => resting),
    operator: away,
    left: { refusals, redriverKills, discards },
  };
}

function copies({ lane: entries }: LaneState): string | undefined {
  return entries && new Set(entries).size < entries.length ? 'copies: the lane holds a record twice' : undefined;
}

/** What nothing will bring any more, everything being consumed and nothing parked. */
function missing({ gate, effects, discarded }: LaneState, setting: LaneSetting): string | undefined {
  const newest = highest(setting.versions);
  if (setting.ordering === 'state') return gate < newest ? `lost: v${newest} is neither applied nor parked` : undefined;
  const lost = without(setting.versions, union(effects, discarded));
  return lost ? `lost: ${listed(lost)} is neither applied nor parked` : undefined;
}
