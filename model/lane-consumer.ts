import { step, type Step } from './checker';
import { batches, type Batch, nameOf, type Seat, withWork } from './consumer-group';
import {
  applied,
  type Decision,
  decide,
  type Effect,
  keptWith,
  type LaneSetting,
  type LaneState,
  type Position,
  positionsOf,
  recordAt,
  superseded,
  told,
  toldLane,
  type Work,
} from './lane-state';

interface Job {
  readonly seat: Seat;
  readonly batch: Batch<Work>;
  readonly work: Work;
  readonly setting: LaneSetting;
}

/** A consumer with a batch: hands it to the handler, parks what was refused, one record after the other. */
export function consumerSteps(state: LaneState, setting: LaneSetting): Step<LaneState>[] {
  return batches(state.group).flatMap(({ seat, batch, work }) => {
    const job = { seat, batch, work, setting };
    switch (work.phase) {
      case 'look at positions':
        return [lookAtPositions(state, job)];
      case 'look':
        return [look(state, job)];
      case 'handle':
        return handle(state, job);
      case 'append':
        return [append(state, job)];
      case 'open':
        return [open(state, job)];
      case 'supersede':
        return [supersede(state, job)];
    }
  });
}

/** First: what a redrive moves from the positions into the lane meanwhile is in one of the two. */
function lookAtPositions(state: LaneState, job: Job): Step<LaneState> {
  const behindPositions = job.setting.rules.look === 'after each fetch' && state.kept.length > 0;
  return step(
    () => `${nameOf(job.seat, job.batch)} sees ${behindPositions ? '' : 'no '}positions`,
    working(state, job, { phase: 'look', behindPositions }),
  );
}

/** Deltas without a version have nothing but their lane, and the positions behind it, to hold them back. */
function look(state: LaneState, job: Job): Step<LaneState> {
  const held = job.setting.rules.look === 'after each fetch' && state.lane !== null;
  return step(
    () => `${nameOf(job.seat, job.batch)} ${held ? 'sees the lane' : 'sees no lane'}`,
    working(state, job, { phase: 'handle', held }),
  );
}

/** One write of the document for the whole batch. Any one of the records may be refused this time. */
function handle(state: LaneState, job: Job): Step<LaneState>[] {
  const { batch, seat, setting } = job;
  const positions = positionsOf(setting, seat.partition, batch.from, batch.to);
  const taken = [handled(state, job, { positions, refused: undefined })];
  if (state.left.refusals === 0) return taken;
  const refusals = positions.map((refused) => handled(state, job, { positions, refused }));
  return [...taken, ...refusals.filter((step) => step.next.left !== state.left)];
}

interface Handling {
  readonly positions: readonly Position[];
  readonly refused: Position | undefined;
}

function handled(state: LaneState, job: Job, { positions, refused }: Handling): Step<LaneState> {
  const { setting, batch, seat } = job;
  const decisions: string[] = [];
  const parkings: Position[] = [];
  let effect: Effect & { broken?: string } = { gate: state.gate, effects: state.effects, discarded: state.discarded };
  let { left } = state;
  let superseding = 0;
  for (const position of positions) {
    const record = recordAt(setting, position);
    let decision: Decision | 'waits' = decide(effect, record, setting);
    if (decision === 'applied' && waits(job, parkings)) decision = 'waits';
    if (decision === 'applied' && position === refused) {
      decision = 'refused';
      left = { ...left, refusals: left.refusals - 1 };
    }
    if (decision === 'applied') effect = { ...effect, ...applied(effect, record, setting) };
    if (decision === 'applied' || decision === 'duplicate') superseding = Math.max(superseding, record.version);
    else parkings.push(position);
    decisions.push(`${told(position, setting)} ${decision}`);
  }
  const { broken, ...after } = effect;
  const next = working({ ...state, ...after, left }, job, {
    phase: 'append',
    parkings,
    superseding: setting.ordering === 'unversioned delta' ? 0 : superseding,
  });
  return step(() => `${nameOf(seat, batch)} handles ${decisions.join(', ')}`, next, broken);
}

function waits({ work, setting }: Job, parkings: readonly Position[]): boolean {
  const behind = parkings.length > 0 && setting.rules.sameBatch === 'waits behind';
  return setting.ordering === 'unversioned delta' && (work.held || work.behindPositions || behind);
}

function append(state: LaneState, job: Job): Step<LaneState> {
  const { work, setting, seat, batch } = job;
  const { lane } = state;
  const position = work.parkings[0] ?? 0;
  const name = nameOf(seat, batch);
  const what = told(position, setting);
  if (work.behindPositions) {
    const kept = keptWith(state.kept, position);
    return step(() => `${name} keeps ${what} behind the other positions`, parked({ ...state, kept }, job, lane));
  }
  if (!lane) return step(() => `${name} finds no lane for ${what}`, working(state, job, { phase: 'open' }));
  if (lane.includes(position) && setting.rules.append === 'once a position') {
    return step(() => `${name} finds ${what} parked already`, parked(state, job, lane));
  }
  if (lane.length >= setting.cap) return full(state, job);
  const longer = [...lane, position];
  return step(() => `${name} appends ${what}: ${toldLane(longer, setting)}`, parked(state, job, longer));
}

function full(state: LaneState, job: Job): Step<LaneState> {
  const name = nameOf(job.seat, job.batch);
  if (job.setting.rules.atCap === 'skip') {
    return step(() => `${name} finds the lane full and goes on`, parked(state, job, state.lane));
  }
  const position = job.work.parkings[0] ?? 0;
  const next = { ...state, kept: keptWith(state.kept, position) };
  // what comes behind it in this batch goes there too, whatever room the lane gets
  const byPlace = job.setting.ordering === 'unversioned delta';
  const work = byPlace ? { ...job.work, behindPositions: true } : job.work;
  const label = () => `${name} finds the lane full and keeps the position of ${told(position, job.setting)}`;
  return step(label, parked(next, { ...job, work }, state.lane));
}

function open(state: LaneState, job: Job): Step<LaneState> {
  const { work, setting, seat, batch } = job;
  const name = nameOf(seat, batch);
  const position = work.parkings[0] ?? 0;
  if (!state.lane) {
    const lane = [position];
    return step(() => `${name} opens the ${toldLane(lane, setting)}`, parked(state, job, lane));
  }
  if (setting.rules.onDuplicateKey === 'append again') {
    return step(() => `${name} meets E11000: again`, working(state, job, { phase: 'append' }));
  }
  return step(() => `${name} meets E11000 and takes it for done`, parked(state, job, state.lane));
}

function parked(state: LaneState, job: Job, lane: LaneState['lane']): LaneState {
  return working({ ...state, lane }, job, { phase: 'append', parkings: job.work.parkings.slice(1) });
}

function supersede(state: LaneState, job: Job): Step<LaneState> {
  const { setting, seat, batch, work } = job;
  const lane = superseded(state.lane, work.superseding, setting);
  const next = { ...state, lane, group: withWork(state.group, seat, null) };
  return step(
    () => `${nameOf(seat, batch)} takes out what v${work.superseding} supersedes: ${toldLane(lane, setting)}`,
    next,
  );
}

/** With nothing left to park or to take out, the batch is durable. */
function working(state: LaneState, { seat, work }: Job, changes: Partial<Work>): LaneState {
  const next: Work = { ...work, ...changes };
  const parking = next.phase !== 'append' || next.parkings.length > 0;
  const supersedes = next.superseding > 0 && state.lane !== null;
  const last = supersedes ? { ...next, phase: 'supersede' as const } : null;
  return { ...state, group: withWork(state.group, seat, parking ? next : last) };
}
