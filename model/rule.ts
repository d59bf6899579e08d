import type { Run } from './runs';

/** What goes wrong: the words before the colon in what a model says. */
export type Kind =
  | 'copies'
  | 'forgotten'
  | 'lost'
  | 'out of order'
  | 'stale tail'
  | 'stuck'
  | 'twice'
  | 'untrue'
  | 'went back'
  | 'wrong';

/** A way not to follow a rule. The model must find what it leads to. */
export interface Breach {
  /** What is done instead. */
  readonly instead: string;
  readonly leadsTo: Kind;
  readonly run: Run;
}

export interface Rule {
  readonly says: string;
  readonly breaches: readonly Breach[];
}
