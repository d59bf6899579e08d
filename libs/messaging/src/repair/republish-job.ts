/** What an owner is asked to send again. */
export interface RepublishOrder {
  readonly topic: string;
  /** Without them: all. */
  readonly ids?: readonly string[];
  /** Only aggregates whose newest event occurred then or later, epoch ms. */
  readonly changedSince?: number;
  /** Only aggregates above this version. */
  readonly aboveVersion?: number;
  /** State topics: write every aggregate at its next version, so that its event passes every gate. */
  readonly raise?: boolean;
  /** With `raise`: the version must become higher than this one too, by id. */
  readonly above?: Readonly<Record<string, number>>;
  /** Aggregates a second. */
  readonly rate: number;
}

export type RepublishState = 'running' | 'done' | 'cancelled' | 'failed';

export interface RepublishJob extends Omit<RepublishOrder, 'above'> {
  readonly _id: string;
  readonly above?: readonly { id: string; version: number }[];
  readonly state: RepublishState;
  /** The last aggregate that is done: a job goes on behind it after whatever happened. */
  readonly cursor?: string;
  readonly sent: number;
  readonly raised: number;
  /** Aggregates of which nothing can be sent: they never published, or their events cannot be made again. */
  readonly skipped: number;
  /** Counts on while somebody works on it: who sees it stand still takes the job over. No clock is compared. */
  readonly beat: number;
  readonly startedAt: Date;
  readonly endedAt?: Date;
  readonly failure?: string;
}

/** As the endpoint tells it: without what is long, or nobody else's business. */
export function jobReport({ _id, ids, above: _above, beat: _beat, ...job }: RepublishJob): object {
  return { id: _id, ...(ids && { ids: ids.length }), ...job };
}

export class RepublishUnknown extends Error {
  readonly kind = 'not-found' as const;
  constructor(readonly id: string) {
    super(`There is no job ${id}.`);
    this.name = 'RepublishUnknown';
  }
}

/** The order asks for what this service cannot do. */
export class RepublishRefused extends Error {
  readonly kind = 'invalid' as const;
  readonly errors: readonly { field: string; message: string }[];
  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.name = 'RepublishRefused';
    this.errors = [{ field, message }];
  }
}
