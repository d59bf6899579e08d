import { IntList } from './int-list';
import { stateKey } from './state-key';

/** One thing that may happen next. `broken` says which promise it breaks at that moment. */
export interface Step<S> {
  readonly label: () => string;
  readonly next: S;
  readonly broken?: string | undefined;
}

export function step<S>(label: () => string, next: S, broken?: string): Step<S> {
  return { label, next, broken };
}

/** A system as all its possible steps. States are immutable and consist of what `stateKey` takes. */
export interface Model<S extends object> {
  readonly initial: S;
  steps(state: S): readonly Step<S>[];
  /** Which promise a state breaks, if any. */
  broken(state: S): string | undefined;
  /** All work is finished, and rightly so. From every state such a state must stay within reach. */
  done(state: S): boolean;
  /** Nothing new will come: where work is stuck, such a state shows it best. */
  settled?(state: S): boolean;
  /** The same state with interchangeable parts exchanged: one of the two is enough. */
  mirrored?(state: S): S;
}

export interface Checked {
  readonly outcome: 'holds' | 'broken' | 'too large';
  readonly states: number;
  readonly seconds: number;
  readonly problem: string;
  /** The shortest way to the problem, a step a line; empty when there is none. */
  readonly trace: readonly string[];
}

type Finding = Pick<Checked, 'outcome' | 'problem' | 'trace'>;

const HOLDS: Finding = { outcome: 'holds', problem: '', trace: [] };

/** Visits every reachable state, breadth first: what it finds is found on a shortest way. More than `limit` states are a failure. */
export function check<S extends object>(model: Model<S>, limit: number): Checked {
  const started = performance.now();
  const search = new Search(model, limit);
  const finding = search.run();
  return { ...finding, states: search.size, seconds: (performance.now() - started) / 1000 };
}

class Search<S extends object> {
  private readonly known = new Map<string, number>();
  /** States still to be expanded; what was expanded is let go. */
  private readonly states: (S | undefined)[] = [];
  private readonly parents = new IntList();
  /** Which step of the parent led to a state. */
  private readonly choices = new IntList();
  private readonly done: boolean[] = [];
  private readonly settled: boolean[] = [];
  private readonly edgesFrom = new IntList();
  private readonly edgesTo = new IntList();

  constructor(
    private readonly model: Model<S>,
    private readonly limit: number,
  ) {}

  get size(): number {
    return this.known.size;
  }

  run(): Finding {
    this.add(this.model.initial, -1, 0);
    for (let index = 0; index < this.states.length; index++) {
      const finding = this.expand(index);
      if (finding) return finding;
      if (this.size > this.limit) return { outcome: 'too large', problem: `more than ${this.limit} states`, trace: [] };
    }
    return this.stuck() ?? HOLDS;
  }

  private expand(index: number): Finding | undefined {
    const state = this.states[index];
    if (state === undefined) throw new Error(`state ${index} was expanded twice`);
    this.states[index] = undefined;
    for (const [choice, step] of this.model.steps(state).entries()) {
      if (step.broken !== undefined) return this.broken(step.broken, [...this.trace(index), step.label()]);
      const before = this.size;
      const target = this.add(step.next, index, choice);
      this.edgesFrom.push(index);
      this.edgesTo.push(target);
      const problem = this.size > before ? this.model.broken(step.next) : undefined;
      if (problem !== undefined) return this.broken(problem, this.trace(target));
    }
    return undefined;
  }

  private add(state: S, parent: number, choice: number): number {
    const key = this.keyOf(state);
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const index = this.known.size;
    this.known.set(key, index);
    this.states.push(state);
    this.parents.push(parent);
    this.choices.push(choice);
    this.done.push(this.model.done(state));
    this.settled.push(this.model.settled?.(state) ?? true);
    return index;
  }

  private keyOf(state: S): string {
    const key = stateKey(state);
    if (!this.model.mirrored) return key;
    const mirrored = stateKey(this.model.mirrored(state));
    return key < mirrored ? key : mirrored;
  }

  /** Goes backwards from all finished states: what is not met cannot finish any more, whatever happens. */
  private stuck(): Finding | undefined {
    const reaches = reachingBackwards(this.done, this.edgesFrom, this.edgesTo);
    const first = reaches.indexOf(0);
    if (first < 0) return undefined;
    const settled = reaches.findIndex((reached, index) => reached === 0 && (this.settled[index] ?? false));
    const trace = this.trace(settled < 0 ? first : settled);
    return this.broken('stuck: whatever happens from here, the work will never be finished', trace);
  }

  private broken(problem: string, trace: string[]): Finding {
    return { outcome: 'broken', problem, trace };
  }

  /** Labels are not kept: the way is walked again from the start. */
  private trace(index: number): string[] {
    const choices: number[] = [];
    for (let at = index; at > 0; at = this.parents.at(at)) choices.push(this.choices.at(at));
    const labels: string[] = [];
    let state = this.model.initial;
    for (const choice of choices.toReversed()) {
      const step = this.model.steps(state)[choice];
      if (!step) throw new Error('a model must offer the same steps each time');
      labels.push(step.label());
      state = step.next;
    }
    return labels;
  }
}

function reachingBackwards(goals: readonly boolean[], from: IntList, to: IntList): Uint8Array {
  const { starts, sources } = incoming(goals.length, from, to);
  const reaches = Uint8Array.from(goals, Number);
  const open = goals.flatMap((goal, index) => (goal ? [index] : []));
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const end = starts[index + 1] ?? 0;
    for (let edge = starts[index] ?? 0; edge < end; edge++) {
      const source = sources[edge] ?? 0;
      if (reaches[source]) continue;
      reaches[source] = 1;
      open.push(source);
    }
  }
  return reaches;
}

/** The edges by target: those into `i` come from `sources[starts[i]]` up to, without, `sources[starts[i + 1]]`. */
function incoming(nodes: number, from: IntList, to: IntList): { starts: Int32Array; sources: Int32Array } {
  const starts = new Int32Array(nodes + 1);
  for (let edge = 0; edge < to.length; edge++) increment(starts, to.at(edge) + 1, 1);
  for (let node = 0; node < nodes; node++) increment(starts, node + 1, starts[node] ?? 0);
  const free = starts.slice();
  const sources = new Int32Array(to.length);
  for (let edge = 0; edge < to.length; edge++) sources[increment(free, to.at(edge), 1)] = from.at(edge);
  return { starts, sources };
}

/** Returns the value before. */
function increment(numbers: Int32Array, index: number, by: number): number {
  const before = numbers[index] ?? 0;
  numbers[index] = before + by;
  return before;
}
