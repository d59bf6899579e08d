/** `starting` until everything runs, `draining` from the signal to stop until the end. Only `ready` takes traffic. */
export type LifecycleState = 'starting' | 'ready' | 'draining';

/** Where the process is in its life; readiness and the refusal of new requests follow it. */
export class Lifecycle {
  private current: LifecycleState = 'starting';

  get state(): LifecycleState {
    return this.current;
  }

  ready(): void {
    if (this.current === 'starting') this.current = 'ready';
  }

  drain(): void {
    this.current = 'draining';
  }
}
