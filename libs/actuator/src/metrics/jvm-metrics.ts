import { Gauge, type Registry } from 'prom-client';
import { totalmem } from 'node:os';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import { osThreads, type ThreadState } from '../threads/os-threads';

type Area = 'heap' | 'nonheap';
type Sizes = { area: Area; id: string; used: number; committed: number; max: number };

/**
 * V8's memory and the process's threads under the names of the JVM's. `area="heap"` are the spaces of V8's heap; `nonheap` is
 * what objects hold outside of it (`external`), at most all the memory the process may have. -1 is a maximum of its own that a
 * space does not have, as the JVM says it.
 */
export function measureMemoryAndThreads(registry: Registry): void {
  const gauge = (name: string, help: string, labelNames: string[], collect: (gauge: Gauge) => void): void => {
    registry.removeSingleMetric(name);
    const made: Gauge = new Gauge({ name, help, labelNames, registers: [registry], collect: () => collect(made) });
  };
  const memory = (name: string, help: string, size: 'used' | 'committed' | 'max'): void =>
    gauge(`jvm_memory_${name}_bytes`, help, ['area', 'id'], (made) => {
      for (const { area, id, ...sizes } of spaces()) made.set({ area, id }, sizes[size]);
    });
  memory('used', 'The amount of used memory', 'used');
  memory('committed', 'The amount of memory that is committed for V8 to use', 'committed');
  memory('max', 'The most there can be; -1 where there is no limit of its own', 'max');
  for (const name of ['jvm_buffer_memory_used_bytes', 'jvm_buffer_total_capacity_bytes']) {
    gauge(name, 'Memory of ArrayBuffers, Node Buffers among them', ['id'], (made) =>
      made.set({ id: 'direct' }, process.memoryUsage().arrayBuffers),
    );
  }
  let peak = 0;
  const threads = (): readonly ThreadState[] => {
    const states = osThreads().map(({ state }) => state);
    peak = Math.max(peak, states.length);
    return states;
  };
  if (threads().length === 0) return;
  gauge('jvm_threads_live_threads', 'Threads of the process', [], (made) => made.set(threads().length));
  gauge('jvm_threads_daemon_threads', 'Those that do not keep the process alive: all but the main one', [], (made) =>
    made.set(threads().length - 1),
  );
  gauge('jvm_threads_peak_threads', 'Most threads seen', [], (made) => made.set(Math.max(threads().length, peak)));
  gauge('jvm_threads_states_threads', 'Threads by state, as the system tells it', ['state'], (made) => {
    for (const state of ['runnable', 'blocked', 'waiting', 'timed-waiting', 'new', 'terminated'])
      made.set({ state }, 0);
    for (const state of threads()) made.inc({ state });
  });
}

function spaces(): Sizes[] {
  const { heap_size_limit: limit, external_memory: external } = getHeapStatistics();
  const heap = getHeapSpaceStatistics().map((space): Sizes => {
    const { space_name: id, space_used_size: used, space_size: committed } = space;
    return { area: 'heap', id, used, committed, max: id === 'old_space' ? limit : -1 };
  });
  return [...heap, { area: 'nonheap', id: 'external', used: external, committed: external, max: allMemory() }];
}

/** A container has less than its machine. Where nothing limits it, Node tells 0 or more than there is. */
function allMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
