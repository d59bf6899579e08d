import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Whom } from '../system/processes';
import type { Storefront } from '../system/storefront';
import type { Violation } from './violation';

const EVERY_MS = 2_000;
const PATIENCE_MS = 1_000;

/** Of one process; the first two only where there is a /proc. */
export const LIMITS = {
  rssMb: 512,
  handles: 400,
  /** Events in memory that Kafka has not acknowledged. */
  pendingEvents: 20_000,
  /** 99th percentile of the event loop's delay: 100 ms on a calm machine; more than this not even on a busy one. */
  eventLoopMs: 500,
} as const;

export type Bounds = Record<keyof typeof LIMITS, number>;

/** Looks at every process again and again, and remembers the most it saw; of the event loop, the middle of what it saw. */
export class BoundsWatch {
  private readonly most: Bounds = { rssMb: 0, handles: 0, pendingEvents: 0, eventLoopMs: 0 };
  private readonly delays: number[] = [];
  private readonly quit = new AbortController();
  private readonly looking: Promise<void>;

  constructor(private readonly storefront: Storefront) {
    this.looking = this.look();
  }

  async stop(): Promise<Bounds> {
    this.quit.abort();
    await this.looking;
    const eventLoopMs = this.delays.toSorted((a, b) => a - b)[this.delays.length >> 1] ?? 0;
    return { ...this.most, eventLoopMs: Math.round(eventLoopMs) };
  }

  private async look(): Promise<void> {
    const { signal } = this.quit;
    while (!signal.aborted) {
      await Promise.all(this.storefront.instances.map((whom) => this.lookAt(whom)));
      await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async lookAt(whom: Whom): Promise<void> {
    const pid = this.storefront.pid(whom);
    if (pid === undefined) return;
    try {
      if (existsSync(`/proc/${pid}`)) {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        this.note('rssMb', Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024));
        this.note('handles', readdirSync(`/proc/${pid}/fd`).length);
      }
      const url = `${this.storefront.url(whom)}/actuator/prometheus`;
      const text = await (await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })).text();
      this.note('pendingEvents', sample(text, 'outbox_pending_events'));
      this.delays.push(sample(text, 'nodejs_eventloop_lag_p99_seconds') * 1_000);
    } catch {
      // dead, stopped or not there yet: the next look
    }
  }

  private note(bound: keyof Bounds, value: number): void {
    this.most[bound] = Math.max(this.most[bound], value);
  }
}

function sample(text: string, name: string): number {
  return Number(new RegExp(`^${name}(?:\\{.*\\})? (.*)$`, 'm').exec(text)?.[1] ?? 0);
}

export function beyond(bounds: Bounds): Violation[] {
  const names = Object.keys(LIMITS) as (keyof Bounds)[];
  return names
    .filter((name) => bounds[name] > LIMITS[name])
    .map((name) => ({ kind: 'bounds', text: `${name} was ${bounds[name]}, the limit is ${LIMITS[name]}` }));
}
