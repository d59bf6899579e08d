import { Counter, Gauge, type Registry } from 'prom-client';
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import { micrometerTimer } from './micrometer-timer';

const kinds: Readonly<Record<number, { action: string; cause: string }>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: { action: 'end of minor GC', cause: 'Scavenge' },
  [constants.NODE_PERFORMANCE_GC_MAJOR]: { action: 'end of major GC', cause: 'Mark-Compact' },
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: { action: 'end of incremental GC', cause: 'Incremental Marking' },
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: { action: 'end of weak callbacks', cause: 'Weak Callbacks' },
};

const otherKind = { action: 'end of GC', cause: 'Unknown' };

type CollectionEntry = PerformanceEntry & { readonly detail: { readonly kind: number } };

const names = [
  'jvm_gc_live_data_size_bytes',
  'jvm_gc_max_data_size_bytes',
  'jvm_gc_memory_allocated_bytes_total',
  'jvm_gc_memory_promoted_bytes_total',
];
let observer: PerformanceObserver | undefined;

/**
 * V8's collections under the names of the JVM's. What V8 does not say is estimated from the sizes it has when a collection is
 * reported: allocated is what was free in the young space before each minor collection, which begins when nothing is;
 * promoted is the growth of the old space across minor collections.
 */
export function measureCollections(registry: Registry): void {
  for (const name of names) registry.removeSingleMetric(name);
  const labelNames = ['action', 'cause'];
  const pauses = micrometerTimer({
    name: 'jvm_gc_pause_seconds',
    help: 'Time of garbage collections',
    labelNames,
    registry,
  });
  const registers = [registry];
  const live = new Gauge({ name: names[0] ?? '', help: 'Heap in use after the last major collection', registers });
  new Gauge({
    name: names[1] ?? '',
    help: 'Largest heap there may be',
    registers,
    collect() {
      this.set(getHeapStatistics().heap_size_limit);
    },
  });
  const allocated = new Counter({ name: names[2] ?? '', help: 'Allocated in the heap, estimated', registers });
  const promoted = new Counter({ name: names[3] ?? '', help: 'Grown into the old space, estimated', registers });
  let last = sizes();
  observer?.disconnect();
  observer = new PerformanceObserver((list) => {
    const entries = list.getEntries() as CollectionEntry[];
    const now = sizes();
    for (const { detail, duration } of entries) pauses.observe(kinds[detail.kind] ?? otherKind, duration / 1000);
    const count = (kind: number): number => entries.filter(({ detail }) => detail.kind === kind).length;
    allocated.inc(count(constants.NODE_PERFORMANCE_GC_MINOR) * last.free);
    if (count(constants.NODE_PERFORMANCE_GC_MAJOR) > 0) live.set(now.used);
    else promoted.inc(Math.max(0, now.old - last.old));
    last = now;
  });
  observer.observe({ entryTypes: ['gc'] });
}

/** Bytes in use of all of the heap and of the old space, and free ones of the young space. */
function sizes(): { used: number; old: number; free: number } {
  let [used, old, free] = [0, 0, 0];
  for (const space of getHeapSpaceStatistics()) {
    used += space.space_used_size;
    if (space.space_name === 'old_space') old = space.space_used_size;
    if (space.space_name === 'new_space') free = space.space_available_size;
  }
  return { used, old, free };
}
