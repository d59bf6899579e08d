import type { Storefront } from '../system/storefront';
import type { Journal } from './journal';
import { Ledger } from './ledger';
import { Load } from './load';
import type { Seeded } from './seeded';
import type { Violation } from './violation';

export interface FaultRunParts {
  readonly storefront: Storefront;
  readonly journal: Journal;
  /** For what is decided while it runs; the schedule was decided before. */
  readonly chance: Seeded;
  readonly load: Load | undefined;
}

/** One scenario on one system: what its deeds work with. */
export class FaultRun {
  readonly storefront: Storefront;
  readonly chance: Seeded;
  readonly load: Load | undefined;
  /** What was promised while it ran. */
  readonly ledger: Ledger;
  /** What deeds saw that must not be. */
  readonly seen: Violation[] = [];
  private readonly journal: Journal;

  constructor({ storefront, journal, chance, load }: FaultRunParts) {
    this.storefront = storefront;
    this.journal = journal;
    this.chance = chance;
    this.load = load;
    this.ledger = load?.ledger ?? new Ledger((entry) => journal.write('written', entry));
  }

  note(what: string): void {
    this.journal.write('deed', { what });
  }

  /** To be called by a deed: it counts in the end. */
  violated(...violations: Violation[]): void {
    this.seen.push(...violations);
  }
}
