import { Counter, Gauge, type Registry } from 'prom-client';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';

const cpuTime = 'process_cpu_time_ns_total';
/** A usage is told over at least this time. */
const shortestMs = 500;

/** The process and its machine under Micrometer's names. Files are told where the system tells them (Linux). */
export function measureProcess(registry: Registry): void {
  const gauge = (name: string, help: string, value: () => number | undefined): void => {
    registry.removeSingleMetric(name);
    if (value() === undefined) return;
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value() ?? 0);
      },
    });
  };
  gauge('process_cpu_usage', 'Share of all cores that the process used lately', usage(processTimes));
  gauge('system_cpu_usage', 'Share of all cores in use lately', usage(systemTimes));
  gauge('system_cpu_count', 'Cores the process may use', availableParallelism);
  gauge('system_load_average_1m', 'Runnable tasks of the machine, on average of a minute', () => loadavg()[0]);
  gauge('process_uptime_seconds', 'Since the process started', () => process.uptime());
  registry.removeSingleMetric(cpuTime);
  new Counter({
    name: cpuTime,
    help: 'Time of processors that the process used',
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) * 1_000);
    },
  });
  gauge('process_files_open_files', 'Open file descriptors', openFiles);
  gauge('process_files_max_files', 'Most file descriptors there may be', maxFiles);
}

interface Times {
  busy: number;
  all: number;
}

function usage(timesNow: () => Times): () => number {
  let [from, at, share] = [timesNow(), performance.now(), 0];
  return () => {
    const now = performance.now();
    if (now - at < shortestMs) return share;
    const to = timesNow();
    share = to.all > from.all ? Math.min(1, Math.max(0, (to.busy - from.busy) / (to.all - from.all))) : 0;
    [from, at] = [to, now];
    return share;
  };
}

function processTimes(): Times {
  const { user, system } = process.cpuUsage();
  return { busy: (user + system) / 1000, all: performance.now() * availableParallelism() };
}

function systemTimes(): Times {
  const times = cpus().map(({ times: { user, nice, sys, idle, irq } }) => ({ busy: user + nice + sys + irq, idle }));
  const busy = times.reduce((sum, cpu) => sum + cpu.busy, 0);
  return { busy, all: times.reduce((sum, cpu) => sum + cpu.idle, busy) };
}

function openFiles(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}

function maxFiles(): number | undefined {
  try {
    const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined || soft === 'unlimited' ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}
