/** How many aggregates of one kind of copy differed from their owner, and how many could not be judged yet. */
export interface ReconciledLink {
  readonly link: string;
  readonly drift: number;
  readonly inFlight: number;
}

/** Identifies one moment of the lease: `beat` grows with every change of it, and with every sign of life of its holder. */
export interface LeaseSeen {
  /** null while nobody compares. */
  readonly holder: string | null;
  readonly beat: number;
}

export interface LeaseState extends LeaseSeen {
  /** What the last comparison that came to its end has found. */
  readonly last?: { readonly links: readonly ReconciledLink[]; readonly agoMs: number };
}

/**
 * Lets one process at a time compare and repair the copies: an operator's command, or the gateway by itself. It is kept here
 * because Orders takes part in every comparison. No clock decides: a holder that dies leaves a `beat` that stands still, and
 * whoever has watched that for long enough takes the lease from exactly this beat.
 */
export abstract class Reconciliation {
  abstract state(): Promise<LeaseState>;
  /** Takes the lease if it still is as `seen`; false when somebody else was faster. */
  abstract take(holder: string, seen: LeaseSeen): Promise<boolean>;
  /** A sign of life; false when the lease was taken over. */
  abstract beat(holder: string): Promise<boolean>;
  /** Gives the lease back, with what was found unless the comparison failed. Does nothing when the lease was taken over. */
  abstract end(holder: string, links?: readonly ReconciledLink[]): Promise<void>;
}
