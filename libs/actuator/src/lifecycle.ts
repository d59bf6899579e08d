/**
 * `starting` until everything runs; `draining` from the signal to stop, while who sends requests here learns of it; `closing` from
 * then until the end. Only `ready` is answered as ready.
 */
export type LifecycleState = 'starting' | 'ready' | 'draining' | 'closing';

/** Where the process is in its life; readiness and the refusal of new requests follow it. */
export class Lifecycle {
  private current: LifecycleState = 'starting';
  private readyAt: number | undefined;

  get state(): LifecycleState {
    return this.current;
  }

  /** From the start of the process until it was ready, ms; undefined until it is. */
  get readyAfterMs(): number | undefined {
    return this.readyAt;
  }

  ready(): void {
    if (this.current !== 'starting') return;
    this.current = 'ready';
    this.readyAt = performance.now();
  }

  drain(): void {
    this.current = 'draining';
  }

  close(): void {
    this.current = 'closing';
  }
}
