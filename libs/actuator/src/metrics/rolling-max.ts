const windowMs = 60_000;

/** The largest value of the current and the previous minute. */
export class RollingMax {
  private current = 0;
  private previous = 0;
  private window = windowNow();

  add(value: number): void {
    this.turn();
    if (value > this.current) this.current = value;
  }

  value(): number {
    this.turn();
    return Math.max(this.current, this.previous);
  }

  private turn(): void {
    const now = windowNow();
    if (now === this.window) return;
    this.previous = now === this.window + 1 ? this.current : 0;
    this.current = 0;
    this.window = now;
  }
}

function windowNow(): number {
  return Math.floor(performance.now() / windowMs);
}
