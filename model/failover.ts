import { type Model, step, type Step } from './checker';

/**
 * A write: who made it, in which attempt. A document is the list of writes its state came from, the first being version 1; the
 * state that a write stores is the one it had loaded, and itself.
 */
type Write = number;
type Document = readonly Write[];

interface Writer {
  readonly phase: 'starts' | 'loaded' | 'written' | 'answered';
  readonly attempt: number;
  readonly loaded: Document;
}

export interface FailoverState {
  /** As the primary has it; what is not yet in `majority` is undone when the primary fails. */
  readonly primary: Document;
  readonly majority: Document;
  /** What the topic's first record of each version says. */
  readonly topic: Document;
  readonly swept: Document;
  readonly failovers: number;
  readonly writers: readonly Writer[];
}

export interface FailoverRules {
  readonly sweepReads: 'the majority' | 'the primary';
  readonly writeNames: 'version and last write' | 'version';
}

export const failoverRules: FailoverRules = { sweepReads: 'the majority', writeNames: 'version and last write' };

export interface FailoverOptions {
  readonly rules: FailoverRules;
  readonly writers: number;
  readonly failovers: number;
}

/** One document in a replica set whose primary fails: reads for a command are local, writes are answered by the majority. */
export function failover({ rules, writers, failovers }: FailoverOptions): Model<FailoverState> {
  return {
    initial: {
      primary: [],
      majority: [],
      topic: [],
      swept: [],
      failovers,
      writers: Array.from({ length: writers }, () => ({ phase: 'starts', attempt: 0, loaded: [] })),
    },
    steps: (state) => [
      ...state.writers.flatMap((_, at) => writerSteps(state, at, rules)),
      ...replicaSetSteps(state),
      ...sweepSteps(state, rules),
    ],
    broken: brokenPromise,
    done: (state) =>
      state.writers.every(({ phase }) => phase === 'answered') && state.topic.length === state.majority.length,
  };
}

function brokenPromise({ primary, topic, writers }: FailoverState): string | undefined {
  const lost = writers.findIndex(
    ({ phase, attempt }, at) => phase === 'answered' && !primary.includes(write(at, attempt)),
  );
  if (lost >= 0)
    return `lost: ${named(write(lost, writers[lost]?.attempt ?? 0))} was answered and is not in the document`;
  const wrong = topic.findIndex((said, index) => primary[index] !== said);
  if (wrong < 0) return undefined;
  const stored = primary[wrong];
  const has = stored === undefined ? `no v${wrong + 1}` : `${named(stored)} as v${wrong + 1}`;
  return `untrue: the topic has ${named(topic[wrong] ?? 0)} as v${wrong + 1}, the document has ${has}`;
}

function writerSteps(state: FailoverState, at: number, rules: FailoverRules): Step<FailoverState>[] {
  const writer = state.writers[at];
  if (!writer || writer.phase === 'answered') return [];
  if (writer.phase === 'starts') return [load(state, at, writer)];
  return writer.phase === 'loaded' ? [store(state, at, writer, rules)] : answer(state, at, writer);
}

function load(state: FailoverState, at: number, writer: Writer): Step<FailoverState> {
  return step(
    () => `${letter(at)} loads ${told(state.primary)}`,
    withWriter(state, at, { ...writer, phase: 'loaded', loaded: state.primary }),
  );
}

function store(state: FailoverState, at: number, writer: Writer, rules: FailoverRules): Step<FailoverState> {
  const { primary } = state;
  const { loaded } = writer;
  const sameLast = rules.writeNames === 'version' || primary.at(-1) === loaded.at(-1);
  if (primary.length !== loaded.length || !sameLast) {
    return step(() => `${letter(at)} writes and meets a conflict`, startingAgain(state, at, writer));
  }
  const document = [...loaded, write(at, writer.attempt)];
  const next = { ...withWriter(state, at, { ...writer, phase: 'written' }), primary: document };
  return step(() => `${letter(at)} writes v${document.length}, the primary has ${told(document)}`, next);
}

/** Answered by the majority, A publishes the outbox as it knows it; after a failover the write may be gone: it is made again. */
function answer(state: FailoverState, at: number, writer: Writer): Step<FailoverState>[] {
  const mine = write(at, writer.attempt);
  if (state.majority.includes(mine)) {
    const topic = published(state.topic, [...writer.loaded, mine]);
    const next = { ...withWriter(state, at, { ...writer, phase: 'answered', loaded: [] }), topic };
    return [
      step(() => `the majority has ${named(mine)}: ${letter(at)} answers 2xx and publishes ${told(topic)}`, next),
    ];
  }
  if (state.primary.includes(mine)) return [];
  return [
    step(() => `${letter(at)}'s write is gone: it starts again`, startingAgain(state, at, writer)),
    step(
      () => `${letter(at)} was not answered: it sends the same write again`,
      withWriter(state, at, { ...writer, phase: 'loaded' }),
    ),
  ];
}

/** Decided anew, it is another write. */
function startingAgain(state: FailoverState, at: number, { attempt }: Writer): FailoverState {
  return withWriter(state, at, { phase: 'starts', attempt: attempt + 1, loaded: [] });
}

function replicaSetSteps(state: FailoverState): Step<FailoverState>[] {
  const { primary, majority, failovers } = state;
  if (primary.length === majority.length && primary.every((each, index) => each === majority[index])) return [];
  const steps: Step<FailoverState>[] = [
    step(() => `the majority has it, too: ${told(primary)}`, { ...state, majority: primary }),
  ];
  if (failovers > 0) {
    steps.push(
      step(() => `the primary fails, the new one has ${told(majority)}`, {
        ...state,
        primary: majority,
        failovers: failovers - 1,
      }),
    );
  }
  return steps;
}

function sweepSteps(state: FailoverState, { sweepReads }: FailoverRules): Step<FailoverState>[] {
  if (state.swept.length > 0) {
    const topic = published(state.topic, state.swept);
    return [step(() => `the sweep publishes: the topic has ${told(topic)}`, { ...state, topic, swept: [] })];
  }
  const document = sweepReads === 'the majority' ? state.majority : state.primary;
  if (document.length <= state.topic.length) return [];
  return [step(() => `the sweep reads ${told(document)} from ${sweepReads}`, { ...state, swept: document })];
}

/** A consumer applies the first record of each version. */
function published(topic: Document, outbox: Document): Document {
  return [...topic, ...outbox.slice(topic.length)];
}

function withWriter(state: FailoverState, at: number, writer: Writer): FailoverState {
  return { ...state, writers: state.writers.with(at, writer) };
}

const ATTEMPTS = 10;

function write(at: number, attempt: number): Write {
  return at * ATTEMPTS + attempt;
}

function letter(at: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + at);
}

function named(made: Write): string {
  return `${letter(Math.floor(made / ATTEMPTS))}${made % ATTEMPTS === 0 ? '' : `'s attempt ${(made % ATTEMPTS) + 1}`}`;
}

function told(document: Document): string {
  return `[${document.map(named).join(', ')}]`;
}
