import type { Spread } from '../arithmetic/spread';
import type { Rig, RigOptions } from '../rig/rig';

export interface Bench {
  /** Repetitions of every measurement. */
  readonly runs: number;
  /** How long a load lasts, s. */
  readonly seconds: number;
  /** What sizes and counts are multiplied by: 1 is what they are to be, less is for a try. */
  readonly scale: number;
  /** How long a long measure takes, minutes. */
  readonly minutes: number;
  readonly say: (line: string) => void;
}

/** What a measure found out of one contender, or of one part of the storefront. */
export interface Result {
  /** `storefront`, `floor` …, and what else tells it from the others of its measure: `storefront, 10,000 customers`. */
  readonly of: string;
  /** By name, with the unit at its end. */
  readonly figures: Readonly<Record<string, Spread>>;
}

/** Each measure has engines and processes of its own: what one leaves behind is not measured by the next. */
export interface Measure {
  readonly name: string;
  readonly about: string;
  readonly rig: Omit<RigOptions, 'say'>;
  /** It takes `minutes`, and is measured only where it is named. */
  readonly isLong?: boolean;
  measure(bench: Bench & { readonly rig: Rig }): Promise<Result[]>;
}

export function scaled(count: number, { scale }: Pick<Bench, 'scale'>): number {
  return Math.max(1, Math.round(count * scale));
}
