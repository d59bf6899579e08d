export interface AuditEvent {
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  /** Who; `-` for nobody known. */
  readonly principal: string;
  /** `AUTHENTICATION_SUCCESS`, `AUTHENTICATION_FAILURE`, `OPERATOR_ACTION` or the application's own. */
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface AuditFilter {
  principal?: string | undefined;
  type?: string | undefined;
  /** ISO 8601; events at or before it are left out. */
  after?: string | undefined;
}

const ownRings: readonly string[] = ['AUTHENTICATION_FAILURE', 'AUTHENTICATION_SUCCESS'];
const others = 'others';

/**
 * Keeps who did what in memory, until the process ends: the last 1000 failed log-ins, the last 1000 successful ones, and the last
 * 1000 events of all other types. Each kind has its own ring, so that neither guesses nor busy tools push out what operators changed.
 */
export class AuditEvents {
  private readonly rings = new Map([...ownRings, others].map((name) => [name, [] as AuditEvent[]]));

  constructor(private readonly capacity = 1_000) {}

  add(event: Omit<AuditEvent, 'timestamp'>): void {
    const ring = this.rings.get(ownRings.includes(event.type) ? event.type : others) ?? [];
    if (ring.length === this.capacity) ring.shift();
    ring.push({ timestamp: new Date().toISOString(), ...event });
  }

  /** Returns the events that fit the filter, the oldest first. */
  find({ principal, type, after }: AuditFilter = {}): readonly AuditEvent[] {
    const since = after === undefined ? undefined : Date.parse(after);
    return [...this.rings.values()]
      .flat()
      .filter(
        (event) =>
          (principal === undefined || event.principal === principal) &&
          (type === undefined || event.type === type) &&
          (since === undefined || Date.parse(event.timestamp) > since),
      )
      .toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0));
  }
}
