import { readFileSync, writeFileSync } from 'node:fs';
import { SERVICES, type ServiceName } from '../../scripts/system-settings';
import type { Storefront } from '../system/storefront';

export interface Memory {
  readonly rssMb: number;
  /** The most since `Vitals.of`, or since the start of the process where the peak cannot be set back. */
  readonly peakMb: number;
}

export interface Vital {
  readonly pid: number | undefined;
  /** Undefined where there is no /proc. */
  readonly memory: Memory | undefined;
}

export type Vitals = Readonly<Record<ServiceName, Vital>>;

/** Notes the process ids and the memory of the four processes, and begins a new peak of each. */
export function vitalsOf(storefront: Storefront): Vitals {
  for (const name of SERVICES) resetPeak(storefront.pid(name));
  return vitalsNow(storefront);
}

export function vitalsNow(storefront: Storefront): Vitals {
  const all = SERVICES.map((name): [ServiceName, Vital] => {
    const pid = storefront.pid(name);
    return [name, { pid, memory: memoryOf(pid) }];
  });
  return Object.fromEntries(all) as Record<ServiceName, Vital>;
}

function memoryOf(pid: number | undefined): Memory | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mb = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1_024);
    return { rssMb: mb('VmRSS'), peakMb: mb('VmHWM') };
  } catch {
    return undefined; // dead, or no Linux
  }
}

function resetPeak(pid: number | undefined): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // no Linux, or a kernel without it: then the peak is that of the process's whole life
  }
}
