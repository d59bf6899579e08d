import { type Model, step, type Step } from './checker';

/** Ours are numbered from 1 by attempt; a write of others is 0. */
type Write = number;
const OTHERS: Write = 0;

interface Request {
  readonly write: Write;
  /** The version in its filter. */
  readonly base: number;
}

interface Command {
  readonly phase: 'starts' | 'sent' | 'asks' | 'answered' | 'gave up';
  readonly attempt: number;
  readonly base: number;
  /** The same write was sent before, and nobody knows what became of it. */
  readonly repeated: boolean;
  readonly response: 'none' | 'matched' | 'no match';
}

export interface OutcomeState {
  /** One write a version, oldest first. */
  readonly history: readonly Write[];
  /** How much of it a majority has. */
  readonly majority: number;
  /** Versions up to this were published and cleared from the outbox. */
  readonly cleared: number;
  readonly requests: readonly Request[];
  readonly othersLeft: number;
  readonly breaksLeft: number;
  readonly command: Command;
}

export interface OutcomeRules {
  /** Where a write with unknown outcome is looked for. */
  readonly look: 'ring' | 'outbox' | 'nowhere';
  /** What is concluded when more has been written since than the ring remembers. */
  readonly pastTheRing: 'unknown' | 'never';
  /** What is concluded when the majority is not even as far as the version that was loaded. */
  readonly behind: 'not yet' | 'never';
  /** What a repeated write does that matches nothing. */
  readonly repeatRefused: 'look again' | 'start again';
}

export const outcomeRules: OutcomeRules = {
  look: 'ring',
  pastTheRing: 'unknown',
  behind: 'not yet',
  repeatRefused: 'look again',
};

export interface OutcomeOptions {
  readonly rules: OutcomeRules;
  readonly ring: number;
  readonly others: number;
  readonly breaks: number;
}

type Steps = Step<OutcomeState>[];

/** One command whose answer may be lost, among the writes of others; it must take effect once if it is answered, never twice. */
export function unknownOutcome(options: OutcomeOptions): Model<OutcomeState> {
  const start: Command = { phase: 'starts', attempt: 1, base: 0, repeated: false, response: 'none' };
  return {
    initial: {
      history: [],
      majority: 0,
      cleared: 0,
      requests: [],
      othersLeft: options.others,
      breaksLeft: options.breaks,
      command: start,
    },
    steps: (state) => [...commandSteps(state, options), ...serverSteps(state), ...environmentSteps(state)],
    broken: ({ history, command }) => {
      const effects = history.filter((write) => write !== OTHERS).length;
      if (effects > 1) return 'twice: the command took effect twice';
      return command.phase === 'answered' && effects === 0 ? 'lost: answered 2xx without effect' : undefined;
    },
    done: ({ command }) => command.phase === 'answered' || command.phase === 'gave up',
  };
}

function commandSteps(state: OutcomeState, options: OutcomeOptions): Steps {
  const { command } = state;
  if (command.phase === 'starts') return [loadAndSend(state)];
  if (command.phase === 'sent') return [...responseSteps(state, options), ...breakSteps(state)];
  return command.phase === 'asks' ? askSteps(state, options) : [];
}

function loadAndSend(state: OutcomeState): Step<OutcomeState> {
  const base = state.history.length;
  const { attempt } = state.command;
  return step(
    () => `the command loads v${base}, decides and sends its write of v${base + 1}`,
    sending(state, { write: attempt, base }, false),
  );
}

function sending(state: OutcomeState, request: Request, repeated: boolean): OutcomeState {
  const { write: attempt, base } = request;
  const command: Command = { phase: 'sent', attempt, base, repeated, response: 'none' };
  return { ...state, requests: [...state.requests, request], command };
}

function responseSteps(state: OutcomeState, { rules }: OutcomeOptions): Steps {
  const { command, history, majority } = state;
  if (command.response === 'matched') {
    if (majority <= history.indexOf(command.attempt)) return [];
    return [step(() => 'the majority has the write: answered 2xx', as(state, { phase: 'answered' }))];
  }
  if (command.response === 'none') return [];
  if (command.repeated && rules.repeatRefused === 'look again') {
    return [step(() => 'the repeated write matched nothing: look again', as(state, { phase: 'asks' }))];
  }
  return [step(() => 'the write matched nothing: a conflict, start again', startAgain(state))];
}

function breakSteps(state: OutcomeState): Steps {
  const { breaksLeft, requests } = state;
  if (breaksLeft === 0) return [];
  const broken = { ...as(state, { phase: 'asks', response: 'none' }), breaksLeft: breaksLeft - 1 };
  const steps = [step(() => 'the connection breaks', broken)];
  if (requests.length > 0) {
    steps.push(step(() => 'the connection breaks, what was sent never arrives', { ...broken, requests: [] }));
  }
  return steps;
}

function askSteps(state: OutcomeState, options: OutcomeOptions): Steps {
  const { attempt, base } = state.command;
  const outcome = outcomeOf(state, options);
  const label = () => `the document is looked at as the majority has it (v${state.majority}): ${outcome}`;
  const giveUp = as(state, { phase: 'gave up' });
  const steps: Steps = [step(() => 'answered 503: it may have been made', giveUp)];
  if (outcome === 'written') steps.push(step(label, as(state, { phase: 'answered' })));
  if (outcome === 'never') steps.push(step(label, startAgain(state)));
  if (outcome === 'not yet' && state.requests.length < 2) {
    steps.push(step(label, sending(state, { write: attempt, base }, true)));
  }
  return steps;
}

function outcomeOf(state: OutcomeState, { rules, ring }: OutcomeOptions): 'written' | 'not yet' | 'never' | 'unknown' {
  const { history, majority, cleared, command } = state;
  if (rules.look === 'nowhere') return 'never';
  const oldest = rules.look === 'ring' ? Math.max(0, majority - ring) : cleared;
  if (history.slice(oldest, majority).includes(command.attempt)) return 'written';
  if (majority === command.base) return 'not yet';
  if (majority < command.base) return rules.behind;
  return rules.look === 'ring' && majority - command.base > ring ? rules.pastTheRing : 'never';
}

function startAgain(state: OutcomeState): OutcomeState {
  const { attempt } = state.command;
  return as(state, { phase: 'starts', attempt: attempt + 1, base: 0, repeated: false, response: 'none' });
}

function serverSteps(state: OutcomeState): Steps {
  return state.requests.map((request, index) => {
    const requests = state.requests.toSpliced(index, 1);
    const matches = state.history.length === request.base;
    const history = matches ? [...state.history, request.write] : state.history;
    const { command } = state;
    const heard = command.phase === 'sent' && command.attempt === request.write && command.response === 'none';
    const next = { ...state, requests, history };
    return step(
      () => `the primary ${matches ? 'makes' : 'does not match'} the write of v${request.base + 1}`,
      heard ? as(next, { response: matches ? 'matched' : 'no match' }) : next,
    );
  });
}

function environmentSteps(state: OutcomeState): Steps {
  const { history, majority, cleared, othersLeft } = state;
  const steps: Steps = [];
  if (othersLeft > 0) {
    const next = { ...state, history: [...history, OTHERS], othersLeft: othersLeft - 1 };
    steps.push(step(() => `another command writes v${next.history.length}`, next));
  }
  if (majority < history.length) {
    steps.push(step(() => `the majority has v${history.length}`, { ...state, majority: history.length }));
  }
  if (cleared < majority) {
    steps.push(
      step(() => `the publisher publishes up to v${majority} and clears the outbox`, { ...state, cleared: majority }),
    );
  }
  return steps;
}

function as(state: OutcomeState, changes: Partial<Command>): OutcomeState {
  return { ...state, command: { ...state.command, ...changes } };
}
