import type { SettleOptions, StorefrontOptions } from '../system/storefront';
import type { FaultRun } from './fault-run';
import type { LoadOptions } from './load';
import type { Seeded } from './seeded';
import type { Violation } from './violation';

export const families = ['killed', 'stopped', 'kafka', 'store', 'instances', 'data', 'poison', 'attacks'] as const;

/** One fault, or one kind of fault, under load. */
export interface Scenario {
  /** kebab-case; --only takes it. */
  readonly name: string;
  /** Scenarios of a family share a system, one after another, where they need the same one. */
  readonly family: (typeof families)[number];
  /** What is done, in one line for the reader of the table. */
  readonly about: string;
  /** Besides engines apart, which every scenario gets. */
  readonly needs?: Omit<StorefrontOptions, 'apart'>;
  /** A pure function of chance, so that a seed repeats it; what the deeds have in common lives in its closure. */
  plan(chance: Seeded): Plan;
}

export type Unchecked = 'topics' | 'copies';

export interface Plan {
  /** In order of time; printed before anything happens. */
  readonly deeds: readonly Deed[];
  /** The clients at work meanwhile; false for none. Default 6 with a pause of 20 ms. */
  readonly load?: Partial<Pick<LoadOptions, 'workers' | 'pauseMs'>> | false;
  /** What may be left when all is quiet. Default: nothing, within 60 s. */
  readonly rest?: (run: FaultRun) => SettleOptions;
  /** What cannot be held against the system: `topics` that no longer tell everything, `copies` that may go back. */
  readonly unchecked?: readonly Unchecked[];
  /** What else must hold in the end. */
  readonly check?: (run: FaultRun) => Promise<Violation[]>;
}

/** What is done to the system at a time after the start; a deed waits for the one before it. */
export interface Deed {
  readonly atMs: number;
  readonly what: string;
  readonly do: (run: FaultRun) => Promise<unknown> | void;
}

/** The schedule as it is printed. */
export function told({ deeds }: Plan): string[] {
  return deeds.map(({ atMs, what }) => `${(atMs / 1_000).toFixed(1).padStart(6)} s  ${what}`);
}
