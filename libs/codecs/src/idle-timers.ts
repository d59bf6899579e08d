import { createRequire } from 'node:module';

interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

let stopped = false;

/**
 * kafkajs 2.2.4 keeps a timer of at most 1 ms running for every connection, with a negative time-out that Node 24 warns of
 * (tulios/kafkajs#1751): 2 % of a core when idle. Nothing needs the timer unless requests wait or the broker throttles. To be called
 * before the first client of a process, services and commands alike; can go with a kafkajs that contains tulios/kafkajs#1755.
 */
export function stopIdleTimers(): void {
  if (stopped) return;
  stopped = true;
  const load = createRequire(require.resolve('kafkajs'));
  const { prototype } = load('./src/network/requestQueue') as { prototype: RequestQueue };
  const original = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) original.call(this);
  };
}
