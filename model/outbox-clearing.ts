import { step, type Step } from './checker';
import { remembered } from './publishing';
import {
  changed,
  type Document,
  type Instance,
  nameOf,
  type Place,
  type PublisherOptions,
  type RunningClear,
  spent,
  type State,
} from './publisher-state';
import { after, has, highest, listed, none, only, union } from './versions';

/** Takes acknowledged entries out of the document, while the next requests fly. */
export function clearingSteps(state: State, at: Place, options: PublisherOptions): Step<State>[] {
  const { waiting, clearing } = state.instances[at];
  if (clearing) return [...phaseSteps(state, at, clearing, options), ...failureSteps(state, at, clearing)];
  if (!waiting) return [];
  const phase = waiting.more ? 'pull' : 'prove';
  const next = changed(state, at, { waiting: null, clearing: { ...waiting, phase, outbox: none, newest: 0 } });
  return [step(() => `${nameOf(at)} begins to clear up to v${waiting.version}`, next)];
}

function phaseSteps(state: State, at: Place, clear: RunningClear, options: PublisherOptions): Step<State>[] {
  switch (clear.phase) {
    case 'prove':
      return [prove(state, at, clear, options)];
    case 'pull':
      return [pull(state, at, clear, options)];
    case 'unmark':
      return [unmark(state, at, clear, options)];
    case 'read':
      return [read(state, at, clear)];
    case 'resend':
      return resend(state, at, clear);
  }
}

/** Trouble with the store: the clear waits again, if no newer one does. */
function failureSteps(state: State, at: Place, { version, more }: RunningClear): Step<State>[] {
  const { left } = state;
  if (left.failedClears === 0) return [];
  const waiting = state.instances[at].waiting ?? { version, more };
  const next = changed(state, at, { waiting, clearing: null }, { left: spent(left, 'failedClears') });
  return [step(() => `${nameOf(at)} cannot reach the store and will clear up to v${waiting.version} later`, next)];
}

/** Where the newest event is the acknowledged one, nothing else can be waiting. */
function prove(state: State, at: Place, clear: RunningClear, { rules }: PublisherOptions): Step<State> {
  const { version, eventVersion } = state.document;
  const unproved = rules.clear === 'unproved';
  if (unproved || eventVersion === clear.version) {
    const document = { ...state.document, outbox: none, marked: false };
    const why = unproved ? '' : ', v' + clear.version + ' being the newest event';
    return step(() => `${nameOf(at)} empties the outbox and unmarks the document${why}`, ended(state, at, document));
  }
  return step(
    () => `${nameOf(at)} cannot clear at once: the document is at v${version}, its newest event v${eventVersion}`,
    changed(state, at, { clearing: { ...clear, phase: 'pull' } }),
  );
}

function pull(state: State, at: Place, clear: RunningClear, { rules }: PublisherOptions): Step<State> {
  const outbox = after(state.document.outbox, clear.version);
  const fromMemory = rules.clear === 'unmarked from memory' && state.instances[at].memory === none;
  const document = { ...state.document, outbox, marked: state.document.marked && !fromMemory };
  const unmarked = fromMemory ? ' and unmarks it, its memory being empty' : '';
  const label = () => `${nameOf(at)} pulls up to v${clear.version}: outbox ${listed(outbox)}${unmarked}`;
  if (clear.more || fromMemory) return step(label, ended(state, at, document));
  return step(label, changed(state, at, { clearing: { ...clear, phase: 'unmark' } }, { document }));
}

function unmark(state: State, at: Place, clear: RunningClear, { rules }: PublisherOptions): Step<State> {
  const { outbox } = state.document;
  const document = outbox ? state.document : { ...state.document, marked: false };
  const label = () => `${nameOf(at)} ${outbox ? 'leaves the mark: more is waiting' : 'unmarks the empty outbox'}`;
  if (rules.resend === 'never') return step(label, ended(state, at, document));
  return step(label, changed(state, at, { clearing: { ...clear, phase: 'read' } }, { document }));
}

/** Somebody may have published a later version before ours arrived: the newest must be the last of its key again. */
function read(state: State, at: Place, clear: RunningClear): Step<State> {
  const { outbox, eventVersion } = state.document;
  const found = {
    outbox: has(outbox, eventVersion) ? outbox : union(outbox, only(eventVersion)),
    newest: eventVersion,
  };
  return step(
    () => `${nameOf(at)} was overtaken and reads what is newest: v${eventVersion}, outbox ${listed(outbox)}`,
    changed(state, at, { clearing: { ...clear, phase: 'resend', ...found } }),
  );
}

function resend(state: State, at: Place, { newest, outbox }: RunningClear): Step<State>[] {
  const instance = state.instances[at];
  const { left } = state;
  if (highest(instance.memory) >= newest || (instance.waiting?.version ?? 0) >= newest) {
    return [step(() => `${nameOf(at)} sends v${newest} anyway, or has just done so`, ended(state, at))];
  }
  const taken = ended(state, at, state.document, remembered(instance, outbox));
  const steps = [step(() => `${nameOf(at)} takes ${listed(outbox)} into memory once more`, taken)];
  if (left.forgotten > 0) {
    const next = { ...ended(state, at), left: spent(left, 'forgotten') };
    steps.push(step(() => `${nameOf(at)} cannot take ${listed(outbox)} into memory once more`, next));
  }
  return steps;
}

function ended(state: State, at: Place, document: Document = state.document, more: Partial<Instance> = {}): State {
  return changed(state, at, { ...more, clearing: null }, { document });
}
