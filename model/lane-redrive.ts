import { step, type Step } from './checker';
import {
  applied,
  decide,
  type LaneSetting,
  type LaneState,
  type Operator,
  type Position,
  recordAt,
  type Redriver,
  superseded,
  told,
  toldLane,
} from './lane-state';
import { only, union } from './versions';

export const resting: Redriver = { phase: 'rests', position: 0, tried: [] };
export const away: Operator = { phase: 'rests', position: 0 };

/** Every instance redrives every lane by itself; what two of them do at once must be harmless. */
export function redriveSteps(state: LaneState, setting: LaneSetting): Step<LaneState>[] {
  return state.redrivers.flatMap((redriver, at) => {
    const steps = turnSteps(state, at, redriver, setting);
    if (redriver.phase === 'rests' || state.left.redriverKills === 0) return steps;
    const left = { ...state.left, redriverKills: state.left.redriverKills - 1 };
    return [...steps, step(() => `${name(at)} is killed`, { ...moved(state, at, resting), left })];
  });
}

function turnSteps(state: LaneState, at: number, redriver: Redriver, setting: LaneSetting): Step<LaneState>[] {
  switch (redriver.phase) {
    case 'rests':
      return setting.rules.redrive === 'automatic' && state.lane ? [choose(state, at, resting, setting)] : [];
    case 'chooses':
      return [choose(state, at, redriver, setting)];
    case 'retries':
      return retry(state, at, redriver, setting);
    case 'releases':
      return [release(state, at, redriver, setting)];
    case 'removes':
      return [remove(state, at, setting)];
    default:
      return [];
  }
}

function choose(state: LaneState, at: number, redriver: Redriver, setting: LaneSetting): Step<LaneState> {
  const { lane } = state;
  if (lane?.length === 0) {
    return step(() => `${name(at)} finds the lane empty`, moved(state, at, { ...resting, phase: 'removes' }));
  }
  const position = nextOf(
    (lane ?? []).filter((each) => !redriver.tried.includes(each)),
    setting,
  );
  if (position === undefined) return step(() => `${name(at)} ends its turn`, moved(state, at, resting));
  const next = moved(state, at, { ...redriver, phase: 'retries', position });
  return step(() => `${name(at)} chooses ${told(position, setting)} of ${toldLane(lane, setting)}`, next);
}

/** Records without a version keep the order in which they were parked. */
function nextOf(entries: readonly Position[], setting: LaneSetting): Position | undefined {
  if (setting.ordering === 'unversioned delta' || setting.rules.order === 'first parked') return entries[0];
  const version = (position: Position): number => recordAt(setting, position).version;
  const lowestFirst = entries.toSorted((a, b) => version(a) - version(b));
  return lowestFirst.at(isNewestFirst(setting) ? -1 : 0);
}

function isNewestFirst({ ordering, rules }: LaneSetting): boolean {
  return ordering === 'state' && rules.order === 'newest state, lowest delta';
}

function retry(state: LaneState, at: number, redriver: Redriver, setting: LaneSetting): Step<LaneState>[] {
  const { position } = redriver;
  const record = recordAt(setting, position);
  const decision = decide(state, record, setting);
  const label = () => `${name(at)} retries ${told(position, setting)}: ${decision}`;
  if (decision === 'gap' || decision === 'refused') return [step(label, failed(state, at, redriver, setting))];
  const releasing: Redriver = { ...redriver, phase: 'releases' };
  if (decision === 'duplicate') return [step(label, moved(state, at, releasing))];
  const { broken, ...effect } = applied(state, record, setting);
  const steps: Step<LaneState>[] = [step(label, moved({ ...state, ...effect }, at, releasing), broken)];
  if (state.left.refusals > 0) {
    const left = { ...state.left, refusals: state.left.refusals - 1 };
    const refused = () => `${name(at)} retries ${told(position, setting)}: refused`;
    steps.push(step(refused, failed({ ...state, left }, at, redriver, setting)));
  }
  return steps;
}

/** An older state is better than none; a delta has to wait. */
function failed(state: LaneState, at: number, redriver: Redriver, setting: LaneSetting): LaneState {
  if (!isNewestFirst(setting)) return moved(state, at, resting);
  return moved(state, at, { phase: 'chooses', position: 0, tried: [...redriver.tried, redriver.position] });
}

function release(state: LaneState, at: number, { position }: Redriver, setting: LaneSetting): Step<LaneState> {
  const byPosition = setting.rules.release === 'by position';
  const rest = state.lane?.filter((each, index) => (byPosition ? each !== position : index > 0)) ?? null;
  const { version } = recordAt(setting, position);
  const lane = setting.ordering === 'state' ? superseded(rest, version, setting) : rest;
  return step(
    () => `${name(at)} takes ${told(position, setting)} out: ${toldLane(lane, setting)}`,
    moved({ ...state, lane }, at, { ...resting, phase: 'removes' }),
  );
}

function remove(state: LaneState, at: number, setting: LaneSetting): Step<LaneState> {
  const removed = setting.rules.removal === 'always' || state.lane?.length === 0;
  const lane = removed ? null : state.lane;
  const next = moved({ ...state, lane }, at, resting);
  return step(() => `${name(at)} deletes the lane ${removed ? '' : 'if it is empty: it is not'}`.trimEnd(), next);
}

/** A person who gives up a version that no handler takes, when it is its turn. */
export function discardSteps(state: LaneState, setting: LaneSetting): Step<LaneState>[] {
  const { operator, lane } = state;
  if (operator.phase !== 'rests') return [discard(state, operator, setting)];
  const poison = lane?.find((position) => isDiscardable(state, position, setting));
  if (poison === undefined || state.left.discards === 0) return [];
  const whole = setting.rules.discard === 'gate first, then all of the version';
  const left = { ...state.left, discards: state.left.discards - 1 };
  const next: Operator = { phase: whole ? 'moves the gate' : 'removes', position: poison };
  return [step(() => `an operator discards ${told(poison, setting)}`, { ...state, left, operator: next })];
}

function isDiscardable(state: LaneState, position: Position, setting: LaneSetting): boolean {
  const { previous, poison } = recordAt(setting, position);
  return poison && (setting.ordering === 'state' || previous <= state.gate);
}

function discard(state: LaneState, operator: Operator, setting: LaneSetting): Step<LaneState> {
  const { version } = recordAt(setting, operator.position);
  if (operator.phase === 'moves the gate') {
    const gate = Math.max(state.gate, version);
    const discarded = union(state.discarded, only(version));
    const next: LaneState = { ...state, gate, discarded, operator: { ...operator, phase: 'removes' } };
    return step(() => `the discard moves the gate to v${gate}`, next);
  }
  const whole = setting.rules.discard === 'gate first, then all of the version';
  const goes = (position: Position): boolean =>
    whole ? recordAt(setting, position).version === version : position === operator.position;
  const lane = state.lane?.filter((position) => !goes(position)) ?? null;
  return step(() => `the discard leaves ${toldLane(lane, setting)}`, { ...state, lane, operator: away });
}

function moved(state: LaneState, at: number, redriver: Redriver): LaneState {
  return { ...state, redrivers: state.redrivers.with(at, redriver) };
}

function name(at: number): string {
  return `redriver ${at + 1}`;
}
