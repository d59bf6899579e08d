import { step, type Step } from './checker';
import { resting } from './lane-redrive';
import {
  applied,
  decide,
  type LaneSetting,
  type LaneState,
  type Position,
  recordAt,
  type Redriver,
  told,
  toldLane,
} from './lane-state';

/** What is known by its position: read from the topic again, applied, or put into the lane when it has room. */
export function positionSteps(state: LaneState, setting: LaneSetting): Step<LaneState>[] {
  return state.redrivers.flatMap((redriver, at) => {
    switch (redriver.phase) {
      case 'rests':
        return choices(state, setting).map((position) => choose(state, at, position, setting));
      case 'looks at the lane':
        return [look(state, at, redriver, setting)];
      case 'reads the topic':
        return read(state, at, redriver, setting);
      case 'moves into the lane':
        return move(state, at, redriver, setting);
      case 'forgets the position':
        return [forget(state, at, redriver, setting)];
      default:
        return [];
    }
  });
}

/** Versions have a gate and may be tried in any order; without one the first position goes first. */
function choices({ kept }: LaneState, { ordering, rules }: LaneSetting): readonly Position[] {
  if (rules.redrive === 'never') return [];
  const inOrder = ordering === 'unversioned delta' && rules.keptFirst !== 'at any time';
  return inOrder ? kept.slice(0, 1) : kept;
}

function choose(state: LaneState, at: number, position: Position, setting: LaneSetting): Step<LaneState> {
  const next = moved(state, at, { ...resting, phase: 'looks at the lane', position });
  return step(() => `redriver ${at + 1} chooses the position of ${told(position, setting)}`, next);
}

function look(state: LaneState, at: number, redriver: Redriver, { ordering, rules }: LaneSetting): Step<LaneState> {
  const inOrder = ordering === 'unversioned delta' && rules.keptFirst !== 'at any time';
  const waits = inOrder && state.lane !== null;
  const phase = waits ? 'moves into the lane' : 'reads the topic';
  return step(
    () => `redriver ${at + 1} sees ${waits ? 'the' : 'no'} lane before it`,
    moved(state, at, { ...redriver, phase }),
  );
}

function read(state: LaneState, at: number, redriver: Redriver, setting: LaneSetting): Step<LaneState>[] {
  const { position } = redriver;
  const record = recordAt(setting, position);
  const decision = decide(state, record, setting);
  const label = () => `redriver ${at + 1} reads ${told(position, setting)} again: ${decision}`;
  const refused = moved(state, at, { ...redriver, phase: 'moves into the lane' });
  if (decision === 'gap' || decision === 'refused') return [step(label, refused)];
  const forgets: Redriver = { ...redriver, phase: 'forgets the position' };
  if (decision === 'duplicate') return [step(label, moved(state, at, forgets))];
  const { broken, ...effect } = applied(state, record, setting);
  return [step(label, moved({ ...state, ...effect }, at, forgets), broken)];
}

/** It is in the lane before it is no position any more. */
function move(state: LaneState, at: number, redriver: Redriver, setting: LaneSetting): Step<LaneState>[] {
  const lane = state.lane ?? [];
  const { position } = redriver;
  if (!lane.includes(position) && lane.length >= setting.cap) {
    return [step(() => `redriver ${at + 1} finds the lane full`, moved(state, at, resting))];
  }
  const longer = lane.includes(position) ? lane : [...lane, position];
  const next = moved({ ...state, lane: longer }, at, { ...redriver, phase: 'forgets the position' });
  return [step(() => `redriver ${at + 1} puts it into the ${toldLane(longer, setting)}`, next)];
}

function forget(state: LaneState, at: number, { position }: Redriver, setting: LaneSetting): Step<LaneState> {
  const kept = state.kept.filter((each) => each !== position);
  const next = moved({ ...state, kept }, at, resting);
  return step(() => `redriver ${at + 1} forgets the position of ${told(position, setting)}`, next);
}

function moved(state: LaneState, at: number, redriver: Redriver): LaneState {
  return { ...state, redrivers: state.redrivers.with(at, redriver) };
}
