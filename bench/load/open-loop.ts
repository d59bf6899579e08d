import { setTimeout as sleep } from 'node:timers/promises';

/** So many unanswered ones are no load any more but a queue. */
const MOST_UNDER_WAY = 1_000;

export interface OpenLoad {
  readonly ratePerSecond: number;
  readonly durationMs: number;
  /** Sends the n-th request and rejects unless it was answered as it should be. */
  readonly send: (n: number) => Promise<unknown>;
}

/** Sends at this rate whatever the answers take, and waits for the last of them. The first wrong answer ends it. */
export async function openLoop({ ratePerSecond, durationMs, send }: OpenLoad): Promise<void> {
  const begin = performance.now();
  const underWay = new Set<Promise<unknown>>();
  const failures: unknown[] = [];
  for (let n = 0; n < (ratePerSecond * durationMs) / 1_000 && failures.length === 0; n++) {
    await sleep(begin + (n * 1_000) / ratePerSecond - performance.now());
    if (underWay.size === MOST_UNDER_WAY) throw new Error(`${MOST_UNDER_WAY} requests are not answered yet.`);
    const sending: Promise<unknown> = send(n)
      .catch((error: unknown) => failures.push(error))
      .finally(() => underWay.delete(sending));
    underWay.add(sending);
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw failures[0];
}
