/** Failures of one client within a minute. */
interface Failures {
  readonly since: number;
  count: number;
}

const windowMs = 60_000;
const mostFailures = 10;
const mostClients = 10_000;

/**
 * Counts wrong passwords by client: after 10 within a minute a client is refused until the minute is over. At most 10,000 clients
 * are remembered; one more takes the place of the one whose minute began first.
 */
export class FailedLogins {
  /** In the order in which their minutes began. */
  private readonly clients = new Map<string, Failures>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Returns how many seconds the client has to wait before it may try again, 0 where it may now. */
  waitSeconds(client: string): number {
    const failures = this.clients.get(client);
    if (failures === undefined || failures.count < mostFailures) return 0;
    return Math.max(0, Math.ceil((failures.since + windowMs - this.now()) / 1_000));
  }

  add(client: string): void {
    const failures = this.clients.get(client);
    if (failures !== undefined && this.now() - failures.since < windowMs) {
      failures.count++;
      return;
    }
    this.clients.delete(client);
    const [first] = this.clients.keys();
    if (this.clients.size >= mostClients && first !== undefined) this.clients.delete(first);
    this.clients.set(client, { since: this.now(), count: 1 });
  }

  /** How many clients are remembered. */
  get size(): number {
    return this.clients.size;
  }
}
