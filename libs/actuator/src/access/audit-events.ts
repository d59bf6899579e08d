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

/** Who did what: the last events, in memory (1000 unless said otherwise); they are gone with the process. */
export class AuditEvents {
  private readonly events: AuditEvent[] = [];

  constructor(private readonly capacity = 1_000) {}

  add(event: Omit<AuditEvent, 'timestamp'>): void {
    if (this.events.length === this.capacity) this.events.shift();
    this.events.push({ timestamp: new Date().toISOString(), ...event });
  }

  /** Oldest first. */
  find({ principal, type, after }: AuditFilter = {}): readonly AuditEvent[] {
    const since = after === undefined ? undefined : Date.parse(after);
    return this.events.filter(
      (event) =>
        (principal === undefined || event.principal === principal) &&
        (type === undefined || event.type === type) &&
        (since === undefined || Date.parse(event.timestamp) > since),
    );
  }
}
