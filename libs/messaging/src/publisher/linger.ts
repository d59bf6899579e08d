/** What Kafka's own producer lingers since 4.0 (KIP-1030). */
const LINGER_MS = 5;

/**
 * Keeps requests 5 ms apart, so that under load one takes along what would have been several. The first one after a pause
 * departs at once: nothing waits while little is to do.
 */
export class Linger {
  private departedAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  /** `go` is called when the waiting is over. */
  constructor(private readonly go: () => void) {}

  departed(): void {
    this.departedAt = performance.now();
  }

  /** True: not yet, `go` will be called. */
  holdsBack(): boolean {
    const left = this.departedAt + LINGER_MS - performance.now();
    if (left <= 0) return false;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.go();
    }, Math.ceil(left)).unref();
    return true;
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
