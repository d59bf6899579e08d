/** Something the application does again and again. */
export interface ScheduledTask {
  /** What does it: `Sweep`. */
  readonly target: string;
  /** Rest between the end of one run and the begin of the next, ms. */
  readonly fixedDelayMs?: number;
  /** Where the rest is not fixed: in words, what decides. */
  readonly trigger?: string;
}

/** Who knows what is scheduled. Structural: it need not know this library. */
export interface ScheduledTaskSource {
  scheduledTasks(): readonly ScheduledTask[];
}

export const SCHEDULED_TASKS = Symbol('SCHEDULED_TASKS');
