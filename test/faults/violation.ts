/**
 * What can be wrong in the end. `lost`: acknowledged and not there, or not everywhere. `duplicated`: an effect twice.
 * `order`: told or applied in a wrong order. `invented`: what no owner has. `dishonest`: an answer that no fault explains.
 * `drain`: not quiet in time. `died`: a process ended although nobody asked. `bounds`: too much memory, too many handles …
 * `harness`: the scenario itself could not go on. `other`: what only this scenario promises.
 */
export type ViolationKind =
  'lost' | 'duplicated' | 'order' | 'invented' | 'dishonest' | 'drain' | 'died' | 'bounds' | 'harness' | 'other';

export interface Violation {
  readonly kind: ViolationKind;
  readonly text: string;
}

/** All of one kind. */
export function violations(kind: ViolationKind, texts: readonly string[]): Violation[] {
  return texts.map((text) => ({ kind, text }));
}

/** One, when the promise is not kept. */
export function unless(kept: boolean, text: string, kind: ViolationKind = 'other'): Violation[] {
  return kept ? [] : [{ kind, text }];
}
