const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;
const STABLE_AFTER_MS = 30_000;

/** How long to wait before something that died is started again: longer each time, until it has lived for 30 s. */
export class Backoff {
  private startedAt: number;
  private deaths = 0;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.startedAt = now();
  }

  /** Deaths in a row. */
  get failures(): number {
    return this.deaths;
  }

  started(): void {
    this.startedAt = this.now();
  }

  nextDelayMs(): number {
    if (this.now() - this.startedAt >= STABLE_AFTER_MS) this.deaths = 0;
    return Math.min(FIRST_DELAY_MS * 2 ** this.deaths++, LONGEST_DELAY_MS);
  }
}
