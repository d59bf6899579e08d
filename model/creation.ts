import { type Model, step, type Step } from './checker';

type Phase = 'looks' | 'inserts' | 'confirms' | 'finished';

export interface CreationState {
  /** Documents that the one request has brought about. */
  readonly created: number;
  /** Another document stands in the way of a unique index other than `_id`, for now. */
  readonly inTheWay: boolean;
  readonly consumers: readonly Phase[];
}

export interface CreationRules {
  readonly id: 'from the request' | 'new each time';
  readonly onDuplicateKey: 'confirm by _id' | 'count as a duplicate';
}

export const creationRules: CreationRules = { id: 'from the request', onDuplicateKey: 'confirm by _id' };

/** A request delivered to two consumers at once, one of which lost its partition: it must create one document. */
export function creation(rules: CreationRules): Model<CreationState> {
  const start: Phase = rules.id === 'from the request' ? 'inserts' : 'looks';
  const finished = ({ consumers }: CreationState): boolean => consumers.every((phase) => phase === 'finished');
  return {
    initial: { created: 0, inTheWay: true, consumers: [start, start] },
    steps: (state) => [...state.consumers.flatMap((_, at) => consumerSteps(state, at, rules)), ...wayClears(state)],
    broken: (state) => {
      if (state.created > 1) return 'twice: one request has created two documents';
      return finished(state) && state.created === 0 ? 'lost: the request is done with, nothing was created' : undefined;
    },
    done: (state) => finished(state) && state.created === 1,
  };
}

function wayClears(state: CreationState): Step<CreationState>[] {
  if (!state.inTheWay) return [];
  return [step(() => 'the other document goes out of the way', { ...state, inTheWay: false })];
}

function consumerSteps(state: CreationState, at: number, rules: CreationRules): Step<CreationState>[] {
  switch (state.consumers[at]) {
    case 'looks':
      return [look(state, at)];
    case 'inserts':
      return [insert(state, at, rules)];
    case 'confirms':
      return [confirm(state, at)];
    default:
      return [];
  }
}

/** With an id of its own, a consumer can only look first whether the request was served. */
function look(state: CreationState, at: number): Step<CreationState> {
  const there = state.created > 0;
  return step(
    () => `${name(at)} looks for what the request creates: ${there ? 'there' : 'not there'}`,
    moved(state, at, there ? 'finished' : 'inserts'),
  );
}

function insert(state: CreationState, at: number, { id, onDuplicateKey }: CreationRules): Step<CreationState> {
  if (id === 'from the request' && state.created > 0) {
    return step(() => `${name(at)} meets E11000 on _id: a duplicate`, moved(state, at, 'finished'));
  }
  if (!state.inTheWay) {
    const next = { ...moved(state, at, 'finished'), created: state.created + 1 };
    return step(() => `${name(at)} inserts with an id ${id === 'from the request' ? id : 'of its own'}`, next);
  }
  if (onDuplicateKey === 'confirm by _id') {
    return step(() => `${name(at)} meets E11000`, moved(state, at, 'confirms'));
  }
  return step(
    () => `${name(at)} meets E11000 on another index and takes it for a duplicate`,
    moved(state, at, 'finished'),
  );
}

function confirm(state: CreationState, at: number): Step<CreationState> {
  const there = state.created > 0;
  return step(
    () => `${name(at)} looks by _id: ${there ? 'a duplicate' : 'not there, the request is tried again'}`,
    moved(state, at, there ? 'finished' : 'inserts'),
  );
}

function moved(state: CreationState, at: number, phase: Phase): CreationState {
  return { ...state, consumers: state.consumers.with(at, phase) };
}

function name(at: number): string {
  return at === 0 ? 'X' : 'Y (no longer the owner)';
}
