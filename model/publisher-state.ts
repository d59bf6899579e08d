import { highest, listed, none, union, upTo, type Versions, without } from './versions';

/** The aggregate's document: what one write changes together. */
export interface Document {
  readonly version: number;
  readonly eventVersion: number;
  readonly outbox: Versions;
  /** `outboxSince` is set. */
  readonly marked: boolean;
}

/** Everything up to `version` was acknowledged; `more`: later events of the aggregate are in memory. */
export interface Clear {
  readonly version: number;
  readonly more: boolean;
}

export interface RunningClear extends Clear {
  readonly phase: 'prove' | 'pull' | 'unmark' | 'read' | 'resend';
  /** What `read` found: to be sent again. */
  readonly outbox: Versions;
  readonly newest: number;
}

export interface Flight {
  readonly entries: Versions;
  readonly appended: boolean;
}

/** One process of the service: commands, publisher, sweep. */
export interface Instance {
  /** A command between its read and its write. */
  readonly loaded: { readonly version: number; readonly outbox: Versions } | null;
  /** Outboxes as seen by an answered write or a sweep, on their way into the publisher's memory. */
  readonly images: readonly Versions[];
  readonly memory: Versions;
  /** Highest version acknowledged since the aggregate came into memory. */
  readonly acknowledged: number;
  readonly flights: readonly Flight[];
  readonly waiting: Clear | null;
  readonly clearing: RunningClear | null;
}

/** How much may still happen. */
export interface Allowance {
  readonly silentWrites: number;
  readonly kills: number;
  /** Produce requests that were appended but never answered. */
  readonly lostResponses: number;
  /** Produce requests given up by their sender that reach the broker later, or never. */
  readonly lateRequests: number;
  /** Outboxes or aggregates that leave memory: it is full, the event is too large, or a write was not answered. */
  readonly forgotten: number;
  /** Clears that the store does not answer. */
  readonly failedClears: number;
  /** Sweeps while somebody still has something to do; afterwards there are as many as it takes. */
  readonly earlySweeps: number;
}

export interface State {
  readonly document: Document;
  /** Versions that carry an event. */
  readonly events: Versions;
  readonly published: Versions;
  /** Version of the topic's last record of this key; 0 where the model does not look at it. */
  readonly last: number;
  readonly late: readonly Versions[];
  readonly left: Allowance;
  readonly instances: readonly [Instance, Instance];
}

/** How each rule is followed; the first value is the rule, the others are what goes wrong without it. */
export interface PublisherRules {
  readonly mark: 'with every entry' | 'where the loaded outbox was empty';
  readonly clear: 'proved' | 'unproved' | 'unmarked from memory';
  readonly unit: 'whole outbox' | 'own entry';
  readonly flights: 'one' | 'overlapping';
  readonly forget: 'whole aggregate' | 'oldest entry';
  readonly resend: 'after being overtaken' | 'never';
  readonly reconcile: 'compares the tail' | 'never';
}

export const publisherRules: PublisherRules = {
  mark: 'with every entry',
  clear: 'proved',
  unit: 'whole outbox',
  flights: 'one',
  forget: 'whole aggregate',
  resend: 'after being overtaken',
  reconcile: 'compares the tail',
};

export interface PublisherOptions {
  readonly rules: PublisherRules;
  readonly writes: number;
  readonly allowance: Allowance;
  /** Also ask that the newest event is the last of its key on the topic (it matters where the topic is compacted). */
  readonly watchTail: boolean;
}

export const idleInstance: Instance = {
  loaded: null,
  images: [],
  memory: none,
  acknowledged: 0,
  flights: [],
  waiting: null,
  clearing: null,
};

export function isIdle(instance: Instance): boolean {
  const { loaded, images, memory, flights, waiting, clearing } = instance;
  return (
    loaded === null &&
    images.length === 0 &&
    memory === none &&
    flights.length === 0 &&
    waiting === null &&
    clearing === null
  );
}

export function everythingRests(state: State): boolean {
  return state.late.length === 0 && state.instances.every(isIdle);
}

export type Place = 0 | 1;
export const places: readonly Place[] = [0, 1];

export function nameOf(at: Place): string {
  return at === 0 ? 'A' : 'B';
}

export function changed(state: State, at: Place, changes: Partial<Instance>, others: Partial<State> = {}): State {
  const instance = { ...state.instances[at], ...changes };
  const instances: [Instance, Instance] = at === 0 ? [instance, state.instances[1]] : [state.instances[0], instance];
  return { ...state, ...others, instances };
}

export function spent(left: Allowance, name: keyof Allowance): Allowance {
  return { ...left, [name]: left[name] - 1 };
}

/** The topic after a produce request; `broken` when a version overtakes an earlier one. */
export function appended(
  state: State,
  entries: Versions,
  watchTail: boolean,
): { published: Versions; last: number; broken: string | undefined } {
  const published = union(state.published, entries);
  const last = watchTail ? highest(entries) : 0;
  const missing = without(upTo(state.events, highest(without(entries, state.published))), published);
  const broken = missing ? `out of order: ${listed(entries)} is on the topic before ${listed(missing)}` : undefined;
  return { published, last, broken };
}

export function lost(state: State): Versions {
  return without(state.events, union(state.published, state.document.outbox));
}
