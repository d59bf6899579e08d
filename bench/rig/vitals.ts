import { readdirSync } from 'node:fs';
import type { Figures } from '../arithmetic/spread';
import { memoryMb } from './cpu';
import { metricsOf } from './metrics';

const MB = 2 ** 20;

/** What a service holds now. What is live in its heap V8 knows only after a first full collection. */
export async function vitals(pid: number, url: string): Promise<Figures> {
  const metric = await metricsOf(url);
  const liveBytes = metric('jvm_gc_live_data_size_bytes') ?? 0;
  const resources = metric('nodejs_active_resources_total');
  return {
    'RSS MB': memoryMb(pid),
    ...(liveBytes > 0 && { 'live heap MB': liveBytes / MB }),
    'file descriptors': readdirSync(`/proc/${pid}/fd`).length,
    threads: readdirSync(`/proc/${pid}/task`).length,
    ...(resources !== undefined && { 'active resources': resources }),
  };
}
