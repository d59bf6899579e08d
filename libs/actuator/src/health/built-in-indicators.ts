import type { HealthIndicatorService } from '@nestjs/terminus';
import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { HealthCheck } from './health-source';

const defaultThresholdBytes = 10 * 1024 * 1024;

export interface DiskSpaceOptions {
  /** A path on the disk; the working directory by default. */
  path?: string;
  /** Free bytes below which the disk counts as DOWN; 10 MiB by default. */
  thresholdBytes?: number;
}

/** The parts that every application has in Spring Boot: `ping`, which is UP, and `diskSpace`. */
export function builtInIndicators(
  indicators: HealthIndicatorService,
  { path = '.', thresholdBytes = defaultThresholdBytes }: DiskSpaceOptions = {},
): Record<string, HealthCheck> {
  return {
    ping: () => indicators.check('ping').up(),
    diskSpace: async () => {
      const disk = indicators.check('diskSpace');
      const { blocks, bavail, bsize } = await statfs(path);
      const free = bavail * bsize;
      const details = { total: blocks * bsize, free, threshold: thresholdBytes, path: resolve(path), exists: true };
      return free >= thresholdBytes ? disk.up(details) : disk.down(details);
    },
  };
}
