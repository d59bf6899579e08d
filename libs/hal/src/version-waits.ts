import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';

const maxWaiting = 100;
const maxWaitingOfOneClient = 20;
const firstPauseMs = 25;
const maxPauseMs = 250;
/** How long a version is waited for that this service has no reason to expect. */
const maxUnexpectedMs = 1_000;
/** A version further above the known one than this is taken for invented. */
const maxVersionsAhead = 100;

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

/** What one request waits for. */
export interface AwaitedVersion {
  /** The address of the client: all requests from it share the places of one client. */
  readonly client: string;
  readonly version: number;
  /** Reads the version that this service knows now, 0 where it knows none. */
  readonly known: () => Promise<number>;
  /** When the client wants an answer, by `performance.now()`. */
  readonly giveUpAt: number;
  /** Whether the client has closed its connection. */
  readonly isGone?: () => boolean;
}

/**
 * Requests that wait for an event from another service, in bounds that no client can use up for the others: at most 100 wait
 * at once, at most 20 of one client, and a new one takes the place of the oldest one of the client that has most. A version of
 * something unknown here, or more than 100 above the known one, is waited for at most a second. The store is asked after 25 ms,
 * then ever more seldom, at last every 250 ms.
 */
@Injectable()
export class VersionWaits implements OnModuleDestroy {
  private readonly stopping = new AbortController();
  /** Waiting requests by client, oldest first; a client is listed only while one of its requests waits. */
  private readonly places = new Map<string, AbortController[]>();
  private waiting = 0;

  /** Sends everybody away who waits, and lets nobody wait any more. */
  end(): void {
    this.stopping.abort();
    for (const place of [...this.places.values()].flat()) place.abort();
  }

  onModuleDestroy(): void {
    this.end();
  }

  /** Resolves with true once the version is known here, with false when it was given up. Rejects as `known` does. */
  async until(awaited: AwaitedVersion): Promise<boolean> {
    const known = await awaited.known();
    if (known >= awaited.version) return true;
    if (this.stopping.signal.aborted) return false;
    const place = this.take(awaited.client);
    try {
      return await this.poll(awaited, known, place.signal);
    } finally {
      this.leave(awaited.client, place);
    }
  }

  private async poll(awaited: AwaitedVersion, known: number, displaced: AbortSignal): Promise<boolean> {
    const { version, giveUpAt, isGone = () => false } = awaited;
    const unexpectedUntil = performance.now() + maxUnexpectedMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, maxPauseMs)) {
      const isExpected = known > 0 && version <= known + maxVersionsAhead;
      const end = isExpected ? giveUpAt : Math.min(giveUpAt, unexpectedUntil);
      if (!(await pause(pauseMs, end, displaced)) || isGone()) return false;
      known = await awaited.known();
      if (known >= version) return true;
    }
  }

  private take(client: string): AbortController {
    const isClientFull = (this.places.get(client)?.length ?? 0) >= maxWaitingOfOneClient;
    if (isClientFull) this.displaceOldest(client);
    else if (this.waiting >= maxWaiting) this.displaceOldest(this.clientWithMost());
    const place = new AbortController();
    this.places.set(client, [...(this.places.get(client) ?? []), place]);
    this.waiting++;
    return place;
  }

  private displaceOldest(client: string): void {
    const [oldest] = this.places.get(client) ?? [];
    if (oldest === undefined) return;
    oldest.abort();
    this.leave(client, oldest);
  }

  /** Does nothing for a place that was given to another request already. */
  private leave(client: string, place: AbortController): void {
    const places = this.places.get(client) ?? [];
    const others = places.filter((each) => each !== place);
    this.waiting -= places.length - others.length;
    if (others.length > 0) this.places.set(client, others);
    else this.places.delete(client);
  }

  private clientWithMost(): string {
    const [most] = [...this.places].reduce((a, b) => (b[1].length > a[1].length ? b : a), ['', []]);
    return most;
  }
}

/** Resolves with false when there is no time left, or when the place was taken. */
async function pause(ms: number, end: number, signal: AbortSignal): Promise<boolean> {
  const leftMs = end - performance.now();
  if (leftMs <= 0 || signal.aborted) return false;
  try {
    await sleep(Math.min(ms, leftMs), undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
