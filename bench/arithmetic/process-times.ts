/** CPU that a process has used, in the clock ticks of /proc/PID/stat. */
export interface ProcessTimes {
  readonly userTicks: number;
  readonly systemTicks: number;
}

/** utime and stime, the 14th and 15th field (proc_pid_stat(5)). The second one, the name, may have spaces and brackets in it. */
export function processTimes(stat: string): ProcessTimes {
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [userTicks, systemTicks] = [Number(afterName[11]), Number(afterName[12])];
  if (!Number.isInteger(userTicks) || !Number.isInteger(systemTicks)) throw new Error(`No process times in: ${stat}`);
  return { userTicks, systemTicks };
}

/** CPU between two readings, ms. */
export function cpuMs(before: ProcessTimes, after: ProcessTimes, ticksPerSecond: number): number {
  const ticks = after.userTicks - before.userTicks + (after.systemTicks - before.systemTicks);
  return (ticks * 1_000) / ticksPerSecond;
}

/** A line of /proc/PID/status, such as `VmRSS` (now) or `VmHWM` (the most so far), in MB of 2^20 bytes. */
export function statusMb(status: string, name: 'VmRSS' | 'VmHWM'): number {
  const kb = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  if (kb === undefined) throw new Error(`No ${name} in: ${status}`);
  return Number(kb) / 1_024;
}
