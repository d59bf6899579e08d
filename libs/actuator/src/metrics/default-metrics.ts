import { collectDefaultMetrics, register } from 'prom-client';
import { measureEventLoopLag } from './event-loop-lag';
import { measureCollections } from './gc-metrics';
import { measureClasses } from './class-metrics';
import { measureMemoryAndThreads } from './jvm-metrics';
import { measureProcess } from './process-metrics';

/** Between two looks of prom-client's own histogram, in ms: never, as `measureEventLoopLag` looks instead. */
const eventLoopMonitoringPrecision = 2 ** 31 - 1;

/** Node's own metrics as prom-client names them, and beside them what of these has a name in Spring Boot's dashboards. Once a process. */
export function measureRuntime(): void {
  if (register.getSingleMetric('process_start_time_seconds') === undefined) {
    collectDefaultMetrics({ eventLoopMonitoringPrecision });
    measureEventLoopLag(register);
  }
  if (register.getSingleMetric('jvm_memory_used_bytes') !== undefined) return;
  measureClasses(register);
  measureMemoryAndThreads(register);
  measureCollections(register);
  measureProcess(register);
}
