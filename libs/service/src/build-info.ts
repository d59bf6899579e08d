import type { BuildInfo } from '@storefront/actuator';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What `npm run build` wrote beside the compiled services (`dist/build-info.json`); version `unbuilt` where sources run as they are. */
export const build: BuildInfo = buildAbove(__dirname) ?? { version: 'unbuilt' };

function buildAbove(start: string): BuildInfo | undefined {
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      return JSON.parse(readFileSync(join(folder, 'build-info.json'), 'utf8')) as BuildInfo;
    } catch {
      // further up
    }
  }
  return undefined;
}
