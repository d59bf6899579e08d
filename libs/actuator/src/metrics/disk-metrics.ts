import { statfsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Gauge, type Registry } from 'prom-client';

/** The disk under a path, as Spring Boot's `DiskSpaceMetrics` tells of it. */
export function measureDisk(path: string, registry: Registry): void {
  const gauge = (name: string, help: string, blocks: 'bavail' | 'blocks'): void => {
    registry.removeSingleMetric(name);
    new Gauge({
      name,
      help,
      labelNames: ['path'],
      registers: [registry],
      collect() {
        const disk = statfsSync(path);
        this.set({ path: resolve(path) }, disk[blocks] * disk.bsize);
      },
    });
  };
  gauge('disk_free_bytes', 'Usable space of the disk', 'bavail');
  gauge('disk_total_bytes', 'Total space of the disk', 'blocks');
}
