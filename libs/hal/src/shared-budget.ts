import { TooBusy } from './too-busy';
import { WaitingByClient } from './waiting-by-client';

/** A client that holds some may hold this many times what is left for the others: three quarters of a budget that nobody else uses. */
const timesWhatIsLeft = 3;

/** A part of a budget that is held until it is given back. */
export interface Reservation {
  /** Gives back what is above `amount`; a reservation never grows. */
  shrinkTo(amount: number): void;
  /** Gives back the rest. A second call does nothing. */
  release(): void;
}

interface Waiting {
  readonly amount: number;
  readonly timer: NodeJS.Timeout;
  admit(reservation: Reservation): void;
  refuse(): void;
}

interface BudgetOptions {
  /** Milliseconds after which one that waits is refused; 3,000 unless given. */
  readonly maxWaitMs?: number;
  /** How many may wait; 500 unless given. */
  readonly maxWaiting?: number;
}

/**
 * An amount, of bytes for example, that all reservations together do not exceed, and that no client can use up for the others: a
 * client that holds nothing gets what is there, one that holds some may have three times as much as is left then. A reservation
 * that has to wait does so in a queue of its client, and the clients take turns. All that wait should ask for the same amount,
 * since small ones are let in before a large one that does not fit yet. A holder must not reserve more, or two holders could
 * wait for each other.
 */
export class SharedBudget {
  private left: number;
  /** By client; nobody is listed that holds nothing. */
  private readonly held = new Map<string, number>();
  private readonly waiting = new WaitingByClient<Waiting>();
  private readonly maxWaitMs: number;
  private readonly maxWaiting: number;

  constructor(
    private readonly total: number,
    { maxWaitMs = 3_000, maxWaiting = 500 }: BudgetOptions = {},
  ) {
    this.left = total;
    this.maxWaitMs = maxWaitMs;
    this.maxWaiting = maxWaiting;
  }

  /** Returns a reservation where the client may have it at once, else undefined. At most the whole budget is reserved. */
  reserveNow(client: string, wanted: number): Reservation | undefined {
    const amount = Math.min(wanted, this.total);
    return this.fits(client, amount) ? this.take(client, amount) : undefined;
  }

  /**
   * Returns a reservation, or a promise of one where it has to wait. At most the whole budget is reserved. Throws or rejects with
   * `TooBusy` when it has waited too long, or too many wait: then the newest is refused of the client that has most of them.
   */
  reserve(client: string, wanted: number): Reservation | Promise<Reservation> {
    const amount = Math.min(wanted, this.total);
    const isFirst = !this.waiting.has(client);
    if (isFirst && this.fits(client, amount)) return this.take(client, amount);
    if (this.waiting.size >= this.maxWaiting) {
      if (this.waiting.clientWithMost() === client) throw new TooBusy('Too many answers are being made.');
      this.waiting.dropNewest()?.refuse();
    }
    return new Promise((resolve, reject) => {
      const refuse = (): void => {
        clearTimeout(timer);
        reject(new TooBusy('Too many answers are being made or sent.'));
      };
      const timer = setTimeout(() => {
        this.waiting.remove(client, waiting);
        refuse();
      }, this.maxWaitMs).unref();
      const waiting: Waiting = { amount, timer, admit: resolve, refuse };
      this.waiting.add(client, waiting);
    });
  }

  private fits(client: string, amount: number): boolean {
    const left = this.left - amount;
    const held = this.held.get(client) ?? 0;
    return left >= 0 && (held === 0 || held + amount <= timesWhatIsLeft * left);
  }

  private take(client: string, amount: number): Reservation {
    this.change(client, amount);
    let held = amount;
    const shrinkTo = (wanted: number): void => {
      if (wanted >= held) return;
      this.change(client, wanted - held);
      held = wanted;
      this.admitWaiting();
    };
    return { shrinkTo, release: () => shrinkTo(0) };
  }

  private change(client: string, by: number): void {
    this.left -= by;
    const held = (this.held.get(client) ?? 0) + by;
    if (held > 0) this.held.set(client, held);
    else this.held.delete(client);
  }

  private admitWaiting(): void {
    const next = () => this.waiting.takeFirst((client, { amount }) => this.fits(client, amount));
    for (let found = next(); found; found = next()) {
      const [client, { amount, timer, admit }] = found;
      clearTimeout(timer);
      admit(this.take(client, amount));
    }
  }
}
