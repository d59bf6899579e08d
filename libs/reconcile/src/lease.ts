import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LeaseState, ReconciledLink, ServiceClient } from './service-client';

export interface LeaseTimes {
  /** Between two signs of life of a holder. */
  readonly beatMs: number;
  /** A holder that has given no sign of life for so long is taken for dead. */
  readonly stillMs: number;
  /** How long to wait for somebody who lives to come to an end. */
  readonly waitMs: number;
}

export const defaultLeaseTimes: LeaseTimes = { beatMs: 4_000, stillMs: 20_000, waitMs: 60_000 };

export interface Waiting {
  readonly onWait?: (holder: string) => void;
  /** Asked when the lease is free: false gives up, because what another process has found meanwhile is enough. */
  readonly isWanted?: (state: LeaseState) => boolean;
  /** Ends the waiting or the work at once, with its reason; what `work` has under way is left to itself, and guarded. */
  readonly signal?: AbortSignal;
}

const LOOK_MS = 500;

/** Somebody else compares or repairs the copies at this moment, and may go on for long; or has just done so. */
export class AlreadyReconciling extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AlreadyReconciling';
  }
}

/** This process was silent for so long that another one may have begun: it must not go on. */
export class LeaseLost extends Error {
  constructor() {
    super('The lease of the reconciliation was lost: this process, or its way to Orders, stood still for too long.');
    this.name = 'LeaseLost';
  }
}

/**
 * Runs `work` while no other process compares or repairs: a command of an operator, or the gateway by itself. `work` gets a
 * guard that throws LeaseLost as soon as another process could have taken over; it is called before every request that
 * `work` makes. What `work` finds is kept with the lease, which is given back also when `signal` ends it. Throws AlreadyReconciling when somebody else goes on for longer
 * than `waitMs`.
 */
export async function exclusively<T>(
  keeper: ServiceClient,
  work: (guard: () => void) => Promise<{ readonly value: T; readonly links?: readonly ReconciledLink[] }>,
  { times = defaultLeaseTimes, ...waiting }: Waiting & { readonly times?: LeaseTimes } = {},
): Promise<T> {
  const lease = new Lease(keeper, times);
  await lease.take(waiting);
  let links: readonly ReconciledLink[] | undefined;
  try {
    const found = await unlessAborted(
      work(() => lease.check()),
      waiting.signal,
    );
    links = found.links;
    return found.value;
  } finally {
    await lease.end(links);
  }
}

/** Rejects with the reason of the signal as soon as it is aborted, whatever becomes of the promise. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason as Error);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** By two clocks: the first stands still while the machine is suspended, the second one can be set back. */
const now = () => [performance.now(), Date.now()] as const;
const silentMs = ([steady, clock]: readonly [number, number]) =>
  Math.max(performance.now() - steady, Date.now() - clock);

class Lease {
  private readonly holder = `${hostname().slice(0, 80)}/${process.pid}/${randomUUID()}`;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;
  private alive = now();
  private lost = false;

  constructor(
    private readonly keeper: ServiceClient,
    private readonly times: LeaseTimes,
  ) {}

  async take({ onWait, isWanted, signal }: Waiting): Promise<void> {
    const until = performance.now() + this.times.waitMs;
    let seen: LeaseState | undefined;
    let seenAt = 0;
    for (;;) {
      const state = await this.keeper.lease();
      if (seen?.holder !== state.holder && state.holder !== null) onWait?.(state.holder);
      if (seen?.beat !== state.beat) [seen, seenAt] = [state, performance.now()];
      const isFree = state.holder === null || performance.now() - seenAt >= this.times.stillMs;
      if (isFree && isWanted?.(state) === false) throw new AlreadyReconciling('The copies were compared meanwhile.');
      this.alive = now();
      if (isFree && (await this.keeper.takeLease(this.holder, { holder: state.holder, beat: state.beat }))) break;
      if (!isFree && performance.now() >= until) {
        throw new AlreadyReconciling(
          `${state.holder} is comparing the copies already. Try again when it has come to its end.`,
        );
      }
      await sleep(LOOK_MS, undefined, { signal });
    }
    this.schedule();
  }

  /** Throws unless the lease is still held and nobody else can have taken over. */
  check(): void {
    // others wait for the whole time, and begin to count later than this process
    if (this.ended || this.lost || silentMs(this.alive) > this.times.stillMs / 2) throw new LeaseLost();
  }

  /** Whoever finds the lease not given back takes it when it has stood still: a failure here is no failure of the work. */
  async end(links?: readonly ReconciledLink[]): Promise<void> {
    clearTimeout(this.timer);
    this.ended = true;
    await this.keeper.endLease(this.holder, links).catch(() => undefined);
  }

  private schedule(): void {
    if (this.ended) return;
    this.timer = setTimeout(() => void this.beat().finally(() => this.schedule()), this.times.beatMs);
    this.timer.unref();
  }

  private async beat(): Promise<void> {
    const at = now();
    try {
      if (await this.keeper.beatLease(this.holder)) this.alive = at;
      else this.lost = true;
    } catch {
      // Orders may be back before it matters: check() knows since when it is silent
    }
  }
}
