import { cpuSeconds } from './processes';

const STILL_MS = 60_000;
const LONGEST_MS = 600_000;
const LOOK_EVERY_MS = 5_000;
/** Within a minute: more than a process that only waits uses, less than one that starts gets on the busiest machine. */
const CPU_SECONDS = 3;

/**
 * Whether something that is being started gets on. It is given up 60 s after the last thing that was noted and the last 3 s of
 * processor time that it used, and after 10 minutes in any case: how long a start takes says more about the machine than about it.
 */
export class Progress {
  private readonly begun: number;
  private notedAt: number;
  private lookedAt: number;
  private usedSeconds = 0;

  constructor(
    private readonly cpuOf: (pid: number) => number = cpuSeconds,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.begun = this.notedAt = this.lookedAt = now();
  }

  get tookMs(): number {
    return this.now() - this.begun;
  }

  /** It has got a step further. */
  note(): void {
    this.notedAt = this.now();
  }

  /** `pid` is that of the process now; another one than last time is a step too. */
  isStuck(pid: number): boolean {
    const now = this.now();
    if (now - this.lookedAt >= LOOK_EVERY_MS) this.look(pid, now);
    return now - this.notedAt > STILL_MS || now - this.begun > LONGEST_MS;
  }

  private look(pid: number, now: number): void {
    this.lookedAt = now;
    const used = this.cpuOf(pid);
    if (used >= this.usedSeconds && used < this.usedSeconds + CPU_SECONDS) return;
    this.usedSeconds = used;
    this.note();
  }
}
