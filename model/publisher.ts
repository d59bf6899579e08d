import { type Model, step, type Step } from './checker';
import { clearingSteps } from './outbox-clearing';
import { publishingSteps } from './publishing';
import {
  appended,
  changed,
  everythingRests,
  idleInstance,
  isIdle,
  lost,
  nameOf,
  type Place,
  places,
  type PublisherOptions,
  spent,
  type State,
} from './publisher-state';
import { listed, none, only, union, type Versions } from './versions';

/** One aggregate, written and published by two instances that may die at any point, over a network that loses and delays. */
export function publisher(options: PublisherOptions): Model<State> {
  return {
    initial: initialState(options),
    steps: (state) => [
      ...places.flatMap((at) => [
        ...writeSteps(state, at, options),
        ...publishingSteps(state, at, options),
        ...clearingSteps(state, at, options),
        ...sweepSteps(state, at),
        ...killSteps(state, at),
      ]),
      ...lateSteps(state, options),
      ...reconcileSteps(state, options),
    ],
    broken: (state) => brokenPromise(state, options),
    done: (state) => isFinished(state, options) && !hasStaleTail(state, options),
    mirrored: (state) => ({ ...state, instances: [state.instances[1], state.instances[0]] }),
  };
}

function initialState({ allowance }: PublisherOptions): State {
  return {
    document: { version: 0, eventVersion: 0, outbox: none, marked: false },
    events: none,
    published: none,
    last: 0,
    late: [],
    left: allowance,
    instances: [idleInstance, idleInstance],
  };
}

function brokenPromise(state: State, options: PublisherOptions): string | undefined {
  const gone = lost(state);
  if (gone) return `lost: ${listed(gone)} is neither on the topic nor in the outbox`;
  if (!everythingRests(state)) return undefined;
  const { outbox, marked } = state.document;
  if (outbox && !marked)
    return `forgotten: ${listed(outbox)} waits in the outbox without a mark, no sweep will find it`;
  if (options.rules.reconcile === 'never' && isFinished(state, options) && hasStaleTail(state, options)) {
    return `stale tail: the topic ends with v${state.last}, the newest event is v${state.document.eventVersion}`;
  }
  return undefined;
}

function isFinished(state: State, { writes }: PublisherOptions): boolean {
  const { version, outbox, marked } = state.document;
  return version === writes && !outbox && !marked && state.published === state.events && everythingRests(state);
}

function hasStaleTail({ last, document }: State, { watchTail }: PublisherOptions): boolean {
  return watchTail && last !== document.eventVersion;
}

function writeSteps(state: State, at: Place, options: PublisherOptions): Step<State>[] {
  const { version, outbox } = state.document;
  const { loaded } = state.instances[at];
  if (!loaded) {
    if (version === options.writes) return [];
    return [
      step(
        () => `${nameOf(at)} loads version ${version}, outbox ${listed(outbox)}`,
        changed(state, at, { loaded: { version, outbox } }),
      ),
    ];
  }
  if (loaded.version !== version) {
    return [step(() => `${nameOf(at)} writes and meets a conflict`, changed(state, at, { loaded: null }))];
  }
  const event = writeEvent(state, at, loaded.outbox, options);
  return state.left.silentWrites > 0 ? [event, writeSilently(state, at)] : [event];
}

function writeEvent(state: State, at: Place, loaded: Versions, { rules }: PublisherOptions): Step<State> {
  const { document } = state;
  const version = document.version + 1;
  const entry = only(version);
  const marked = document.marked || rules.mark === 'with every entry' || loaded === none;
  const written = { version, eventVersion: version, outbox: union(document.outbox, entry), marked };
  const image = rules.unit === 'whole outbox' ? union(loaded, entry) : entry;
  const images = ordered([...state.instances[at].images, image]);
  return step(
    () => `${nameOf(at)} writes v${version} with its event: ${told(written)}`,
    changed(state, at, { loaded: null, images }, { document: written, events: union(state.events, entry) }),
  );
}

function writeSilently(state: State, at: Place): Step<State> {
  const document = { ...state.document, version: state.document.version + 1 };
  return step(
    () => `${nameOf(at)} writes v${document.version}, which publishes nothing`,
    changed(state, at, { loaded: null }, { document, left: spent(state.left, 'silentWrites') }),
  );
}

/** Reads the outbox of a marked document that it holds nothing of; unmarks it where nothing waits. */
function sweepSteps(state: State, at: Place): Step<State>[] {
  const { document, left } = state;
  const { memory, images } = state.instances[at];
  const early = !everythingRests(state);
  if (!document.marked || memory || images.length > 0 || (early && left.earlySweeps === 0)) return [];
  const swept = { left: early ? spent(left, 'earlySweeps') : left };
  if (document.outbox) {
    return [
      step(
        () => `the sweep of ${nameOf(at)} reads outbox ${listed(document.outbox)}`,
        changed(state, at, { images: [document.outbox] }, swept),
      ),
    ];
  }
  const label = () => `the sweep of ${nameOf(at)} finds nothing waiting and unmarks the document`;
  return [step(label, { ...state, ...swept, document: { ...document, marked: false } })];
}

function killSteps(state: State, at: Place): Step<State>[] {
  const { left } = state;
  const instance = state.instances[at];
  if (left.kills === 0 || isIdle(instance)) return [];
  const killed = changed(state, at, idleInstance, { left: spent(left, 'kills') });
  const steps: Step<State>[] = [step(() => `${nameOf(at)} is killed`, killed)];
  const sent = instance.flights.filter((flight) => !flight.appended).map(({ entries }) => entries);
  if (sent.length > 0) {
    steps.push(
      step(() => `${nameOf(at)} is killed, its request ${sent.map(listed).join(' and ')} is still on its way`, {
        ...killed,
        late: ordered([...killed.late, ...sent]),
      }),
    );
  }
  return steps;
}

function lateSteps(state: State, { watchTail }: PublisherOptions): Step<State>[] {
  return state.late.flatMap((entries, index): Step<State>[] => {
    const late = state.late.toSpliced(index, 1);
    const { published, last, broken } = appended(state, entries, watchTail);
    return [
      step(() => `the broker appends the late request ${listed(entries)}`, { ...state, late, published, last }, broken),
      step(() => `the late request ${listed(entries)} never arrives`, { ...state, late }),
    ];
  });
}

/** Where the topic is found to end with an older event than the document's newest, that one is published again. */
function reconcileSteps(state: State, options: PublisherOptions): Step<State>[] {
  if (options.rules.reconcile === 'never' || !isFinished(state, options) || !hasStaleTail(state, options)) return [];
  const newest = only(state.document.eventVersion);
  return [
    step(
      () => `reconciliation finds v${state.last} last on the topic and publishes ${listed(newest)} again`,
      changed(state, 0, { images: [newest] }),
    ),
  ];
}

/** Images and late requests take effect in any order. */
function ordered(sets: readonly Versions[]): readonly Versions[] {
  return sets.toSorted((a, b) => a - b);
}

function told({ outbox, marked }: { outbox: Versions; marked: boolean }): string {
  return `outbox ${listed(outbox)}, ${marked ? 'marked' : 'not marked'}`;
}
