/** Too much is under way: the client is asked to come again. Becomes 503 with `Retry-After`. */
export class TooBusy extends Error {
  readonly kind = 'unavailable' as const;

  constructor(
    message: string,
    readonly retryAfterSeconds = 1,
  ) {
    super(message);
    this.name = 'TooBusy';
  }
}

/** Bytes of a budget that are held until they are given back. */
export interface Reservation {
  /** Gives back what is above `bytes`; a reservation never grows. */
  shrinkTo(bytes: number): void;
  /** Gives back the rest. A second call does nothing. */
  release(): void;
}

interface Waiting {
  readonly bytes: number;
  readonly timer: NodeJS.Timeout;
  admit(reservation: Reservation): void;
}

interface BudgetOptions {
  /** Milliseconds after which one that waits is refused; 3,000 unless given. */
  readonly maxWaitMs?: number;
  /** How many may wait; 500 unless given. */
  readonly maxWaiting?: number;
}

/**
 * A number of bytes that all reservations together do not exceed. A reservation that exceeds what is left waits, first come
 * first served. A holder of bytes must not reserve more, or two holders could wait for each other.
 */
export class ByteBudget {
  private left: number;
  private readonly queue: Waiting[] = [];
  private readonly maxWaitMs: number;
  private readonly maxWaiting: number;

  constructor(
    private readonly totalBytes: number,
    { maxWaitMs = 3_000, maxWaiting = 500 }: BudgetOptions = {},
  ) {
    this.left = totalBytes;
    this.maxWaitMs = maxWaitMs;
    this.maxWaiting = maxWaiting;
  }

  /** What is there at once; undefined where it is not, or others wait. At most the whole budget is reserved. */
  reserveNow(wanted: number): Reservation | undefined {
    const bytes = Math.min(wanted, this.totalBytes);
    return this.queue.length === 0 && bytes <= this.left ? this.take(bytes) : undefined;
  }

  /** At most the whole budget is reserved. Rejects with TooBusy when too many wait, or it has waited too long. */
  reserve(wanted: number): Reservation | Promise<Reservation> {
    const bytes = Math.min(wanted, this.totalBytes);
    const now = this.reserveNow(bytes);
    if (now) return now;
    if (this.queue.length >= this.maxWaiting) throw new TooBusy('Too many answers are being made.');
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.queue.splice(this.queue.indexOf(waiting), 1);
        reject(new TooBusy('Too many answers are being made or sent.'));
        this.admitNext();
      }, this.maxWaitMs).unref();
      const waiting: Waiting = { bytes, timer, admit: resolve };
      this.queue.push(waiting);
    });
  }

  private take(bytes: number): Reservation {
    this.left -= bytes;
    let held = bytes;
    const shrinkTo = (wanted: number): void => {
      if (wanted >= held) return;
      this.left += held - wanted;
      held = wanted;
      this.admitNext();
    };
    return { shrinkTo, release: () => shrinkTo(0) };
  }

  private admitNext(): void {
    for (let next = this.queue[0]; next && next.bytes <= this.left; next = this.queue[0]) {
      this.queue.shift();
      clearTimeout(next.timer);
      next.admit(this.take(next.bytes));
    }
  }
}
