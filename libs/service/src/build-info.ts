import type { BuildInfo } from '@storefront/actuator';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What `npm run build` wrote beside the compiled services (`dist/build-info.json`); nothing where they were not built by it. */
export function buildInfo(): BuildInfo {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      return JSON.parse(readFileSync(join(folder, 'build-info.json'), 'utf8')) as BuildInfo;
    } catch {
      // further up
    }
  }
  return {};
}
