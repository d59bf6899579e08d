import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';

const maxWaiting = 100;
const firstPauseMs = 25;
const maxPauseMs = 250;

/** What is asked for is not there yet: the client may ask again. */
export class VersionNotReached extends Error {
  readonly kind = 'unavailable' as const;
  readonly retryAfterSeconds = 1;
  readonly asProblem = true;

  constructor(readonly details: { readonly awaited: string }) {
    super(`This service has not heard of ${details.awaited} yet.`);
    this.name = 'VersionNotReached';
  }
}

/** Requests that wait for an event from another service: so many and no more, asking the store ever more seldom. */
@Injectable()
export class VersionWaits implements OnModuleDestroy {
  private readonly stopping = new AbortController();
  private waiting = 0;

  /** Sends everybody away who waits, and lets nobody wait any more. */
  end(): void {
    this.stopping.abort();
  }

  onModuleDestroy(): void {
    this.end();
  }

  /** Whether it came true by `giveUpAt` (performance.now()). Beyond the limit of waiting requests: whether it is true now. */
  async until(isTrue: () => Promise<boolean>, giveUpAt: number, isGone: () => boolean = () => false): Promise<boolean> {
    if (await isTrue()) return true;
    if (this.waiting >= maxWaiting) return false;
    this.waiting++;
    try {
      for (
        let pauseMs = firstPauseMs;
        await this.pause(pauseMs, giveUpAt);
        pauseMs = Math.min(pauseMs * 1.5, maxPauseMs)
      ) {
        if (isGone()) return false;
        if (await isTrue()) return true;
      }
      return false;
    } finally {
      this.waiting--;
    }
  }

  /** False when there is no time left. */
  private async pause(ms: number, giveUpAt: number): Promise<boolean> {
    const leftMs = giveUpAt - performance.now();
    if (leftMs <= 0 || this.stopping.signal.aborted) return false;
    try {
      await sleep(Math.min(ms, leftMs), undefined, { signal: this.stopping.signal });
      return true;
    } catch {
      return false;
    }
  }
}
